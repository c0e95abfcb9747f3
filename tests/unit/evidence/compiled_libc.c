/* What a static program holds itself; linked by compile_programs.py. Where CHOSEN, strcmp is chosen at the start, as glibc does on x86. */
int puts(const char *text) { return *text; }
static int compared(const char *one, const char *other)
{
    while (*one && *one == *other)
        one++, other++;
    return *one - *other;
}
#ifdef CHOSEN
__attribute__((used)) static int (*choose(void))(const char *, const char *) { return compared; }
int strcmp(const char *one, const char *other) __attribute__((ifunc("choose")));
#else
int strcmp(const char *one, const char *other) { return compared(one, other); }
#endif
int strncmp(const char *one, const char *other, __SIZE_TYPE__ most) { return most ? *one - *other : 0; }
