"""Which options of which programs are secrets: the one table that finding and hiding them share. No I/O.

Each row has a command line that holds the secret ``Harbour-77`` and one that holds none; the tests run both. Options as in curl 8, net-snmp 5.9,
ipmitool 1.8, redis-cli 7, MySQL 8 and MariaDB 11, mongosh 2, HTTPie 3, Samba 4, mosquitto 2, OpenLDAP 2.6, FreeRDP 3, rdesktop 1.9, lftp 4.9,
OpenSSL 3, Info-ZIP, 7-Zip 23, NetworkManager 1.44, pppd 2.5, wpa_supplicant 2, Apache's htpasswd.
"""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.secret import SecretKind


@dataclass(frozen=True, slots=True)
class SecretOptions:
    """What is secret in a command line of ``programs``.

    ``secret``: options whose value is one; ``joined``: only in one word with it, ``apart``: never; ``log_in``: options with user, ``between`` and
    secret; ``operand``: the number of the word without a dash that is one, ``fewer``: the letter that leaves out a word before it; ``hidden``:
    letters that may be one, never shown and not told; ``user``: options with whose it is, or the number of the operand (``"1"``); ``only_in``: the
    sub-command that alone takes it; ``ends``: programs that a wrapper starts.
    """

    programs: tuple[str, ...]
    example: str
    harmless: str
    secret: tuple[str, ...] = ()
    joined: bool = False
    apart: bool = False
    log_in: tuple[str, ...] = ()
    between: str = ":"
    operand: int = 0
    fewer: str = ""
    hidden: str = ""
    user: tuple[str, ...] = ()
    only_in: str = ""
    ends: tuple[str, ...] = ()
    opens: str = ""
    kind: SecretKind = SecretKind.APPLICATION


_SNMP = (
    "snmpget",
    "snmpwalk",
    "snmpset",
    "snmpgetnext",
    "snmpbulkget",
    "snmpbulkwalk",
    "snmptrap",
    "snmpinform",
    "snmptable",
    "snmpstatus",
    "snmpdf",
)
_SQL = ("sqlcmd", "osql", "isql", "bcp", "tsql")
_WIFI, _KEY = SecretKind.WIFI, SecretKind.KEY

ROWS: tuple[SecretOptions, ...] = (
    SecretOptions(
        ("sshpass",),
        "sshpass -p Harbour-77 ssh -p 2222 u@h",
        "sshpass -f /etc/pw ssh -p 2222 u@h",
        secret=("-p",),
        ends=("ssh", "scp", "sftp", "rsync"),
        opens="ssh",
    ),
    SecretOptions(("plink", "pscp", "psftp"), "plink -l u -pw Harbour-77 h", "plink -P 2222 -l u h", secret=("-pw",), user=("-l",), opens="ssh"),
    SecretOptions(
        ("curl",),
        "curl -sSu u:Harbour-77 http://h/x",
        "curl -u u http://h/x",
        log_in=("-u", "--user", "-U", "--proxy-user", "-E", "--cert"),
        hidden="b",
        opens="http",
    ),
    SecretOptions(("http", "https", "xh"), "http -a u:Harbour-77 h/x", "http -a u h/x", log_in=("-a", "--auth"), opens="http"),
    SecretOptions(
        ("wget",),
        "wget --user=u --password=Harbour-77 http://h/x",
        "wget --user=u --ask-password http://h/x",
        secret=("--password", "--http-password", "--ftp-password"),
        user=("--user", "--http-user", "--ftp-user"),
        opens="http",
    ),
    SecretOptions(
        ("mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin"),
        "mysql -u root -pHarbour-77 records",
        "mysql -u root -p records",
        secret=("-p", "--password"),
        joined=True,
        user=("-u", "--user"),
        opens="database",
    ),
    SecretOptions(
        ("mongo", "mongosh", "mongodump", "mongorestore"),
        "mongo -u u -p Harbour-77 records",
        "mongo --port 27017 records",
        secret=("-p", "--password"),
        user=("-u", "--username"),
        opens="database",
    ),
    SecretOptions(_SQL, "sqlcmd -U sa -P Harbour-77", "sqlcmd -U sa -E", secret=("-P",), user=("-U",), opens="database"),
    SecretOptions(("redis-cli",), "redis-cli -p 6380 -a Harbour-77 ping", "redis-cli -p 6380 ping", secret=("-a", "--pass"), opens="redis"),
    SecretOptions(
        _SNMP,
        "snmpget -v2c -c Harbour-77 h sysDescr.0",
        "snmpget -v3 -u u -l noAuthNoPriv h sysDescr.0",
        secret=("-c", "-A", "-X"),
        user=("-u",),
        opens="snmp",
    ),
    SecretOptions(
        ("ipmitool", "ipmiutil"),
        "ipmitool -I lanplus -H h -U u -P Harbour-77 chassis status",
        "ipmitool -I lanplus -H h -U u -p 623 -E chassis status",
        secret=("-P", "-k", "-y"),
        user=("-U",),
        opens="ipmi",
    ),
    SecretOptions(
        ("mosquitto_pub", "mosquitto_sub", "mosquitto_rr"),
        "mosquitto_pub -u u -P Harbour-77 -t x",
        "mosquitto_pub -p 1883 -u u -t x",
        secret=("-P", "--pw"),
        user=("-u", "--username"),
        opens="mqtt",
    ),
    SecretOptions(
        ("ldapsearch", "ldapmodify", "ldapadd", "ldapwhoami", "ldappasswd", "ldapdelete"),
        "ldapsearch -D cn=u -w Harbour-77 -b dc=x",
        "ldapsearch -D cn=u -W -b dc=x",
        secret=("-w",),
        user=("-D",),
        opens="ldap",
    ),
    SecretOptions(
        ("smbclient", "smbget", "rpcclient", "net", "smbcacls"),
        "smbclient -U u%Harbour-77 //h/s",
        "smbclient -U u -N //h/s",
        secret=("--password",),
        log_in=("-U", "--user"),
        between="%",
        opens="smb",
    ),
    SecretOptions(("smbmap",), "smbmap -u u -p Harbour-77 -H h", "smbmap -u guest -H h", secret=("-p",), user=("-u",), opens="smb"),
    SecretOptions(("lftp",), "lftp -u u,Harbour-77 h", "lftp -p 2121 -u u h", log_in=("-u", "--user"), between=",", opens="ftp"),
    SecretOptions(
        ("ftpget", "ftpput", "ncftpget", "ncftpput"),
        "ftpget -u u -p Harbour-77 h a b",
        "ftpget -P 2121 h a b",
        secret=("-p",),
        user=("-u",),
        opens="ftp",
    ),
    SecretOptions(("rdesktop",), "rdesktop -u u -p Harbour-77 h", "rdesktop -u u -p - h", secret=("-p",), user=("-u",), opens="rdp"),
    SecretOptions(("xfreerdp", "wlfreerdp"), "xfreerdp /u:u /p:Harbour-77 /v:h", "xfreerdp /u:u /v:h", secret=("/p:",), user=("/u:",), opens="rdp"),
    SecretOptions(
        ("docker", "podman"),
        "docker login -u u -p Harbour-77",
        "docker run -p 8080 image",
        secret=("-p",),
        user=("-u",),
        only_in="login",
        opens="https",
    ),
    SecretOptions(("psexec", "psexec64", "paexec"), "psexec -u u -p Harbour-77 cmd", "psexec -s cmd", secret=("-p",), user=("-u",), opens="windows"),
    SecretOptions(("zip", "unzip"), "zip -P Harbour-77 a.zip b", "zip -p a.zip b", secret=("-P", "--password"), opens="archive", kind=_KEY),
    SecretOptions(
        ("7z", "7za", "7zr", "unrar", "rar"), "7z x -pHarbour-77 a.7z", "7z x -p a.7z", secret=("-p",), joined=True, opens="archive", kind=_KEY
    ),
    SecretOptions(("pppd",), "pppd /dev/ttyS0 user u password Harbour-77", "pppd /dev/ttyS0 user u", secret=("password",), user=("user",)),
    SecretOptions(
        ("nmcli",),
        "nmcli dev wifi connect ward7 password Harbour-77",
        "nmcli dev wifi connect ward7",
        secret=("password", "wifi-sec.psk", "802-11-wireless-security.psk"),
        user=("connect",),
        kind=_WIFI,
    ),
    SecretOptions(("wpa_passphrase",), "wpa_passphrase ward7 Harbour-77", "wpa_passphrase ward7", operand=2, user=("1",), kind=_WIFI),
    SecretOptions(("htpasswd",), "htpasswd -b /etc/p u Harbour-77", "htpasswd -c /etc/p u", operand=3, fewer="n", user=("2",), opens="http"),
    SecretOptions(("autologon", "autologon64"), "autologon u domain Harbour-77", "autologon u domain", operand=3, user=("1",), opens="windows"),
    SecretOptions(
        ("openssl",), "openssl enc -aes-256-cbc -k Harbour-77 -in a", "openssl enc -kfile /etc/k -in a", hidden="kK", apart=True, kind=_KEY
    ),
    SecretOptions(("frpc",), "frpc tcp -t Harbour-77", "frpc tcp -l 80", secret=("-t",), opens="remote-support"),
    SecretOptions(("dropbear",), "dropbear -Y Harbour-77", "dropbear -p 22", secret=("-Y",), opens="ssh"),
)
BY_PROGRAM = {program: row for row in ROWS for program in row.programs}
