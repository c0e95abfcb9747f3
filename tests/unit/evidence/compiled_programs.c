/* Compiled by compile_programs.py for several processors: what a program compares its input with, secrets and all the rest. */
extern int puts(const char *);
extern int strcmp(const char *, const char *);
extern int strcasecmp(const char *, const char *);
extern int strncmp(const char *, const char *, __SIZE_TYPE__);
extern int memcmp(const void *, const void *, __SIZE_TYPE__);
#define APART __attribute__((noinline, used))

int service_mode;

APART int check_pin(const char *typed)
{
    puts("Enter service PIN:");
    if (strcmp(typed, "73915") == 0) {
        service_mode = 1;
        return puts("Service mode unlocked");
    }
    return puts("Wrong PIN");
}

APART int open_menu(const char *typed)
{
    puts("Maintenance password: ");
    if (strcmp("Pump!2041", typed) == 0)
        return puts("Access granted");
    return puts("Access denied");
}

APART int old_hash(const char *hashed)
{
    return strcmp(hashed, "$1$abcdefgh$0123456789abcdefghijk.") == 0 ? puts("yes") : puts("no");
}

APART int command(const char *word)
{
    if (strcmp(word, "login") == 0)
        return puts("Password required to log in");
    if (strcmp(word, "--password") == 0)
        return puts("the password is wrong");
    if (strcmp(word, "PASS") == 0 || strcmp(word, "USER") == 0)
        return puts("530 Login incorrect");
    if (strcmp(word, "root") == 0 || strcmp(word, "admin") == 0)
        return puts("root may not log in: access denied");
    if (strcmp(word, "/etc/passwd") == 0 || strcmp(word, "shadow.bak2") == 0)
        return puts("no such password file");
    if (strcmp(word, "sha256") == 0 || strcmp(word, "hmac-sha2-256") == 0 || strcmp(word, "utf8") == 0)
        return puts("unknown authentication method");
    if (strcmp(word, "115200") == 0 || strcmp(word, "eth0") == 0 || strncmp(word, "v1.2.3", 6) == 0)
        return puts("Enter password:");
    return -1;
}

APART int rates(const char *word)
{
    if (strcmp(word, "45821") == 0)
        return puts("rate of bolus 45821 set");
    return strncmp(word, "xK9#rate2", 9);
}

const char *unlock_code = "Tq7&unlock";

APART int unlock(const char *typed)
{
    puts("Unlock code:");
    if (strcmp(typed, unlock_code) == 0)
        return puts("Access granted");
    return puts("Access denied");
}

int begin(const char *word)
{
    return check_pin(word) + open_menu(word) + old_hash(word) + command(word) + rates(word) + unlock(word);
}
