"""Shell scripts: commands without running them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asepsis.evidence.protocols.shell import Assignment, Command, commands, parse, script, script_commands, words_of
from tests.unit.evidence.reading import source_of


def numbered(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), 1))


def said(text: str) -> list[tuple[int, str]]:
    return [(command.line, "|".join(command.words)) for command in commands(numbered(text))]


def test_comments_labels_keywords_and_separators():
    text = "# x\nif [ -f a ]; then\n  a b  # c\nfi\ncase $1 in\n  start) b && c | d & e;;\n  'stop'|x) f\nesac"
    assert said(text) == [(2, "[|-f|a|]"), (3, "a|b"), (5, "$1|in"), (6, "b"), (6, "c"), (6, "d"), (6, "e"), (7, "f")]


def test_quotes_continuations_and_escapes():
    assert said('a \'b c\' "d e" \\\n  f\\ g\nh "#i" j#k') == [(1, "a|b c|d e|f g"), (3, "h|#i|j#k")]


def test_literal_variables_are_put_in_and_split_unless_quoted():
    assert said('A="-l /bin/sh"\nB=$A\nx $B "$A" ${C:-d} $E') == [(3, "x|-l|/bin/sh|-l /bin/sh|d|$E")]


def test_assignments_keep_their_variables():
    assert [item for item in parse(numbered('P=$1\nexport Q="a b" R=3')) if isinstance(item, Assignment)] == [
        Assignment(1, "P", "$1"),
        Assignment(2, "Q", "a b"),
        Assignment(2, "R", "3"),
    ]


def test_here_documents_belong_to_their_command_and_are_no_commands():
    found = list(parse(numbered("ftp -n h <<EOF\nuser a b\nEOF\nnext")))
    assert [item.words[0] for item in found if isinstance(item, Command)] == ["ftp", "next"]
    assert found[0].document == ((2, "user a b"),)


NO_DOCUMENT = (
    "MASK=$((1<<BIT))",
    "MASK=$(( (1 << BIT) | (2 << (EOF)) ))",
    "(( x = y << EOF ))",
    "x=$[1<<EOF]",
    'read a <<< "hello"',
    "read a <<<EOF",
    'let "x = y << EOF"',
    'echo "usage: x <<EOF"',
    'echo "it is $(date) <<EOF"',
    "echo 'x <<EOF'",
    "ls # use <<EOF",
    "# cat <<EOF",
    "cat <<UNFINISHED",
)


@pytest.mark.parametrize("line", NO_DOCUMENT)
def test_what_only_looks_like_a_here_document_hides_nothing(line: str):
    found = [command.words for command in commands(numbered(f"{line}\ntelnetd -l /bin/sh\nEOF\nlast"))]
    assert found[-3:] == [("telnetd", "-l", "/bin/sh"), ("EOF",), ("last",)]


DOCUMENTS = (
    ("cat <<EOF", "EOF"),
    ("cat <<-EOF", "\tEOF"),
    ("cat << 'EOF' > /x", "EOF"),
    ('cat <<"E F"', "E F"),
    ("cat <<\\EOF", "EOF"),
    ("cat <<END-OF", "END-OF"),
    ("cat <<_EOF-1", "_EOF-1"),
    ("cat <<E-O.F|sh", "E-O.F"),
    ("cat <<!", "!"),
    ("cat <<''", ""),
    ("cat <<%%1", "%%1"),
    ('x="$(cat <<EOF', "EOF"),
    ('x="$(cat <<"EOF"', "EOF"),
    ("x=$((1<<2)); cat <<EOF # why", "EOF"),
    ("echo it\\'s '#' \"#\" ${x# } $# <<EOF", "EOF"),
)


@pytest.mark.parametrize(("line", "end"), DOCUMENTS, ids=[line for line, _ in DOCUMENTS])
def test_any_word_may_end_a_here_document(line: str, end: str):
    found = [(command.line, command.words[0]) for command in commands(numbered(f"{line}\ntelnetd -l /bin/sh\n{end}\nlast"))]
    assert [entry for entry in found if entry[0] > 1] == [(4, "last")]


def test_two_here_documents_of_one_line_follow_each_other():
    found = list(commands(numbered("x <<A 3<<B\none\nA\ntwo\nB\nlast")))
    assert found[0].document == ((2, "one"), (4, "two"))
    assert found[1].words == ("last",)


def test_only_the_text_of_an_unquoted_delimiter_has_continuations():
    assert next(commands(numbered("x <<A\n# a \\\nb\nA"))).document == ((2, "# a  b"),)
    assert next(commands(numbered("x <<'A'\n# a \\\nA\nA"))).document == ((2, "# a \\"),)


def test_a_comment_is_not_continued():
    assert said("# off \\\ntelnetd\nx # y \\\nz") == [(2, "telnetd"), (3, "x"), (4, "z")]
    assert said('a "#" \\\nb\nc "d \\\n # e" \\\nf') == [(1, "a|#|b"), (3, "c|d   # e|f")]


@pytest.mark.parametrize("line", ["cat <<E{0}", "cat <<E", "cat <<''x", "x # \\", "<<a " * 2000, "x <<a " + "((" * 4000, '"$(' * 2700, "'<<" * 2700])
def test_many_unfinished_here_documents_are_taken_apart_in_linear_time(line: str):
    count = 300_000 // (len(line) + 1)
    start = time.process_time()
    lines = {item.line for item in parse((number, line.replace("{0}", str(number))) for number in range(1, count + 1))}
    assert time.process_time() - start < 10
    assert len(lines) == count


def test_what_separates_is_kept():
    assert [(command.words[0], command.end) for command in commands([(1, "a | b & c; d")])] == [("a", "|"), ("b", "&"), ("c", ";"), ("d", "")]


def test_a_variable_that_doubles_itself_stays_bounded():
    text = "A=xxxxxxxxxxxxxxxx\n" + "A=$A$A\n" * 40 + "echo $A"
    assert max(len(word) for _, line in said(text) for word in line.split("|")) <= 4096


HOSTILE_LINES = (
    "a",
    " " * 8000,
    "${" * 4000,
    "if " * 2700,
    "export " * 1100,
    "a=1 " * 2000,
    '"' * 8001,
    "<<" * 4000,
    "<<x " * 2000,
    "<<'" * 2700,
    "((<<x" * 1600,
    '"$(<<x' * 1300,
    "${<<x" * 1600,
    "# \\",
    "x#y'\\",
    "a=$a$a$a$a",
    'a="x $a $a $a"\n' + "$a " * 2700,
    'a="x $a $a $a"\n' + '"$a$a" ' * 1100,
)


@pytest.mark.parametrize("line", HOSTILE_LINES, ids=lambda line: line[:12])
def test_many_hostile_lines_is_taken_apart_in_bounded_time(line: str):
    text = (line + "\n") * (200_000 // (len(line) + 1))
    start = time.process_time()
    for item in parse(numbered(text)):
        assert isinstance(item, Assignment) or sum(map(len, item.words)) <= 65_536
    assert time.process_time() - start < 10  # about 1 at most; what looks again and again at the same text takes minutes


@pytest.mark.parametrize("piece", [" ", "${", "if ", '"', "$("])
def test_the_words_of_an_endless_line_are_bounded(piece: str):
    start = time.process_time()
    assert len(words_of(piece * 1_000_000)) <= 8192
    assert time.process_time() - start < 5


def test_readers_of_one_script_share_its_parts():
    source = source_of(b"telnetd &\nA=1\n", "etc/rc.local")
    assert script(source) is script(source)
    assert [command.words for command in script_commands(source)] == [("telnetd",)]


def test_the_parts_of_a_long_script_are_not_kept():
    source = source_of(b"telnetd &\n" * 30_000, "etc/rc.local")
    assert script(source) is not script(source)
    assert sum(1 for _ in script_commands(source)) == 30_000


@given(st.text(alphabet="ab'\"\\$(){}`|&;#= \n<E", max_size=300))
def test_any_text_is_parsed_in_the_order_of_its_lines(text: str):
    lines = [item.line for item in parse(numbered(text))]
    assert lines == sorted(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


@given(st.lists(st.text(alphabet="abc-/.=_0", min_size=1, max_size=9), min_size=1, max_size=6))
def test_words_come_back_from_their_quoted_line(words: list[str]):
    quoted = " ".join(f"'{word}'" for word in ["x", *words])
    assert words_of(quoted) == ("x", *words)
