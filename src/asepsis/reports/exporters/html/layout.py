"""Lay attack paths out: from where the attacker starts, down through the steps, to the patient.

A layered drawing after Sugiyama, Tagawa and Toda (1981), small enough to own: nodes with the same words are merged unless that would
close a circle; the layer of a node is its longest way from a start; edges across several layers bend through empty places; the order
within a layer follows the paths' own order. Same paths, same drawing; only whole numbers are used.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from asepsis.model.attack import Path
from asepsis.reports.text import clip
from asepsis.reports.words import harm_level, zone

WIDTH, BEND_WIDTH, GAP, RISE, MARGIN = 252, 40, 28, 46, 12
"""Of a box, of an empty place an edge bends through, between boxes, between layers, around the drawing; in pixels."""
LINE, PAD, FOOT = 19, 13, 20
"""Height of a line of text, space above and below it, height of the line of ids under it; in pixels."""
ARROW = 7
_TEXT_WIDTH = WIDTH - 32
_LINES_MOST = 7
_EM = 14
_FINDINGS_SHOWN = 2
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMWGOQ@%—…")

START, STEP, HARM, BEND = "start", "step", "harm", "bend"
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its lines of text. ``links`` are the findings under it, ``more`` how many are not shown, ``x``/``y`` its upper left corner."""

    kind: str
    lines: tuple[str, ...]
    links: tuple[str, ...]
    more: int
    technique: str
    x: int
    y: int
    height: int
    level: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A line as SVG path data; ``arrow`` where it ends at a box."""

    path: str
    arrow: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes and edges in a frame of ``width`` × ``height`` pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class _Node:
    kind: str
    text: str
    findings: tuple[str, ...] = ()
    technique: str = ""
    level: int = 0
    caption: str = ""
    layer: int = 0
    x: int = 0
    y: int = 0
    height: int = 0


def draw(paths: tuple[Path, ...]) -> Drawing:
    """The drawing of one or more paths that lead to the same harm."""
    nodes, ways = _merge(sorted(paths, key=lambda path: (path.harm.name, [step.sentence for step in reversed(path.steps)], path.id)))
    _assign_layers(nodes, ways)
    bent = [_bend(way, nodes) for way in ways]
    _place(nodes, bent)
    boxes = tuple(_box(node) for _, node in sorted(nodes.items(), key=lambda item: (item[1].layer, item[1].x, item[0])) if node.kind != BEND)
    edges = sorted({_edge(nodes[tail], nodes[head]) for way in bent for tail, head in pairwise(way)})
    width = max(box.x for box in boxes) + WIDTH + MARGIN
    return Drawing(width, max(box.y + box.height for box in boxes) + MARGIN, boxes, tuple(edges))


def _merge(paths: list[Path]) -> tuple[dict[Key, _Node], list[list[Key]]]:
    """Nodes by what they say, and each path as the list of its nodes."""
    nodes: dict[Key, _Node] = {}
    ways: list[list[Key]] = []
    for number, path in enumerate(paths):
        wanted = _way(path)
        way = [key for key, _ in wanted]
        if len(set(way)) < len(way) or _circular([*ways, way]):
            wanted = [((*key, str(number), str(at)), node) for at, (key, node) in enumerate(wanted)]
            wanted[-1] = _way(path)[-1]
            way = [key for key, _ in wanted]
        for key, node in wanted:
            nodes.setdefault(key, node)
        ways.append(way)
    return nodes, ways


def _way(path: Path) -> list[tuple[Key, _Node]]:
    start = ((START, path.start), _Node(START, zone(path.start), caption="The attacker starts"))
    steps = [((STEP, step.move, step.sentence, *step.findings), _Node(STEP, step.sentence, step.findings, step.technique)) for step in path.steps]
    harm = path.harm
    end = ((HARM, harm.device, harm.function, harm.effect.value), _Node(HARM, harm.name, level=harm.level, caption=harm_level(harm.level)))
    return [start, *steps, end]


def _circular(ways: list[list[Key]]) -> bool:
    """Whether the ways together run in a circle (Kahn: take away what nothing leads to, until nothing is left or nothing can go)."""
    after = {step for way in ways for step in pairwise(way)}
    left = {key for way in ways for key in way}
    while free := left - {head for tail, head in after if tail in left}:
        left -= free
    return bool(left)


def _assign_layers(nodes: dict[Key, _Node], ways: list[list[Key]]) -> None:
    moved = True
    while moved:
        moved = False
        for way in ways:
            for tail, head in pairwise(way):
                if nodes[head].layer <= nodes[tail].layer:
                    nodes[head].layer, moved = nodes[tail].layer + 1, True


def _bend(way: list[Key], nodes: dict[Key, _Node]) -> list[Key]:
    """The way with an empty place in every layer that it would otherwise jump over."""
    bent = way[:1]
    for tail, head in pairwise(way):
        for layer in range(nodes[tail].layer + 1, nodes[head].layer):
            key = (BEND, *tail, "→", *head, str(layer))
            nodes.setdefault(key, _Node(BEND, "", layer=layer))
            bent.append(key)
        bent.append(head)
    return bent


def _place(nodes: dict[Key, _Node], ways: list[list[Key]]) -> None:
    lanes: dict[Key, list[int]] = {}
    for number, way in enumerate(ways):
        for key in way:
            lanes.setdefault(key, []).append(number)
    rows: dict[int, list[Key]] = {}
    for key in sorted(nodes, key=lambda key: (sum(lanes[key]) / len(lanes[key]), key)):
        rows.setdefault(nodes[key].layer, []).append(key)
    y = MARGIN
    for layer in sorted(rows):
        row = [nodes[key] for key in rows[layer]]
        y += _place_row(row, [_middle(lanes[key]) for key in rows[layer]], y) + RISE
    left = min(node.x for node in nodes.values()) - MARGIN
    for node in nodes.values():
        node.x -= left


def _middle(lanes: list[int]) -> int:
    return sum(lanes) * (WIDTH + GAP) // len(lanes) + WIDTH // 2


def _place_row(row: list[_Node], wanted: list[int], y: int) -> int:
    """Each node where its paths want it, pushed right as far as its neighbour needs; the row then moves back by half of the push.

    Gives the height of the row. An empty place is as high as its row, so that no edge turns into a neighbour.
    """
    height = max(_height(node) for node in row)
    edge, pushed = None, []
    for node, middle in zip(row, wanted, strict=True):
        ideal = middle - _width(node) // 2
        node.x, node.y = ideal if edge is None else max(ideal, edge + GAP), y
        pushed.append(node.x - ideal)
        edge = node.x + _width(node)
    back = max(pushed) // 2
    for node in row:
        node.x -= back
        node.height = height if node.kind == BEND else _height(node)
    return height


def _width(node: _Node) -> int:
    return BEND_WIDTH if node.kind == BEND else WIDTH


def _height(node: _Node) -> int:
    if node.kind == BEND:
        return 0
    feet = max(len(node.findings[:_FINDINGS_SHOWN]), bool(node.caption or node.technique))
    return 2 * PAD + LINE * len(_lines(node)) + FOOT * feet


def _box(node: _Node) -> Box:
    shown = node.findings[:_FINDINGS_SHOWN]
    more = len(node.findings) - len(shown)
    return Box(node.kind, _lines(node), shown, more, node.technique, node.x, node.y, node.height, node.level, node.caption)


def _edge(tail: _Node, head: _Node) -> Edge:
    through = head.kind == BEND
    x1, y1 = tail.x + _width(tail) // 2, tail.y + tail.height
    x2, y2 = head.x + _width(head) // 2, head.y - (0 if through else ARROW)
    half = (y2 - y1) // 2
    return Edge(f"M{x1} {y1}C{x1} {y1 + half} {x2} {y2 - half} {x2} {y2}" + (f"V{y2 + head.height}" if through else ""), arrow=not through)


def _lines(node: _Node) -> tuple[str, ...]:
    """The node's text in lines as wide as a box, long words broken; what does not fit ends in an ellipsis."""
    room = _TEXT_WIDTH if node.kind == STEP else _TEXT_WIDTH * 9 // 10  # starts and harms are written bold
    lines: list[str] = [""]
    for word in clip(node.text, _LINES_MOST * 60).split(" "):
        for piece in _pieces(word, room):
            if lines[-1] and _measure(f"{lines[-1]} {piece}") > room:
                lines.append(piece)
            else:
                lines[-1] = f"{lines[-1]} {piece}".strip()
    if len(lines) > _LINES_MOST:
        return (*lines[: _LINES_MOST - 1], _ending(lines[_LINES_MOST - 1], room))
    return tuple(lines)


def _ending(line: str, room: int) -> str:
    while _measure(f"{line} …") > room:
        line = line[:-1]
    return f"{line} …"


def _pieces(word: str, room: int) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if piece and _measure(piece + character) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def _measure(text: str) -> int:
    """The width of text in pixels in the widest of the usual system fonts, in whole numbers."""
    return sum(_character_width(character) for character in text) // 100


def _character_width(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 110 * _EM
    if character in _NARROW:
        return 36 * _EM
    if character in _WIDE:
        return 92 * _EM
    return 70 * _EM if character.isupper() else 58 * _EM
