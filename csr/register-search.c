#include "config.h"

#include "csr/register-private.h"

#include <stdlib.h>

/* How well an agency fits what is searched, the best first. */
typedef enum { RANK_EQUAL, RANK_BEGINS, RANK_HOLDS, RANK_ELSEWHERE } Rank;

typedef struct {
    const char *line;
    gsize size;
    gsize name_size;
    Rank rank;
    guint file;
} Hit;

/* A line folded, in memory that is used for each in turn. */
typedef struct {
    char *text;
    gsize size, allocated;
    const char *name, *name_end; /* within `text` */
} Folded;

typedef struct {
    const char *text;
    gsize size;
} Word;

/* 臺 becomes 台, full-width ASCII (U+FF01 to U+FF5E) ASCII, capitals small letters. What is written
 * is never longer than what is read; `text` may be any bytes. */
static gsize
fold(const char *text, gsize size, char *out)
{
    const guchar *at = (const guchar *) text, *end = at + size;
    guchar *to = (guchar *) out;

    while (at < end) {
        guchar c = *at;
        if (c == 0xEF && end - at >= 3 &&
            ((at[1] == 0xBC && at[2] >= 0x81 && at[2] <= 0xBF) ||
             (at[1] == 0xBD && at[2] >= 0x80 && at[2] <= 0x9E))) {
            c = (guchar) (at[1] == 0xBC ? at[2] - 0x60 : at[2] - 0x20);
            at += 2;
        } else if (c == 0xE8 && end - at >= 3 && at[1] == 0x87 && at[2] == 0xBA) {
            *to++ = 0xE5;
            *to++ = 0x8F;
            c = 0xB0;
            at += 2;
        }
        *to++ = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
        at++;
    }
    return (gsize) (to - (guchar *) out);
}

static gboolean
fold_line(Folded *folded, const char *line, gsize size)
{
    if (size == 0)
        return FALSE;
    if (size > folded->allocated) {
        folded->allocated = 2 * size;
        folded->text = g_realloc(folded->text, folded->allocated);
    }
    folded->size = fold(line, size, folded->text);
    const char *end = folded->text + folded->size;
    const char *tab = memchr(folded->text, '\t', folded->size);
    if (tab == NULL)
        return FALSE;
    folded->name = tab + 1;
    folded->name_end = memchr(folded->name, '\t', (gsize) (end - folded->name));
    return folded->name_end != NULL;
}

static gboolean
begins(const char *text, const char *end, const Word *word)
{
    return (gsize) (end - text) >= word->size && memcmp(text, word->text, word->size) == 0;
}

static Rank
rank_word(const Folded *folded, const Word *word)
{
    const char *oid_end = folded->name - 1;
    gsize name_size = (gsize) (folded->name_end - folded->name);

    if (begins(folded->name, folded->name_end, word))
        return name_size == word->size ? RANK_EQUAL : RANK_BEGINS;
    if (begins(folded->text, oid_end, word))
        return (gsize) (oid_end - folded->text) == word->size ? RANK_EQUAL : RANK_BEGINS;
    return memmem(folded->name, name_size, word->text, word->size) ? RANK_HOLDS : RANK_ELSEWHERE;
}

/* All words are in the line; the one that fits worst decides. */
static gboolean
match(const Folded *folded, const GArray *words, Rank *rank)
{
    for (guint i = 0; i < words->len; i++) {
        const Word *word = &g_array_index(words, Word, i);
        if (memmem(folded->text, folded->size, word->text, word->size) == NULL)
            return FALSE;
    }
    *rank = RANK_EQUAL;
    for (guint i = 0; i < words->len; i++)
        *rank = MAX(*rank, rank_word(folded, &g_array_index(words, Word, i)));
    return TRUE;
}

static void
collect(const GcaRegister *agencies, guint index, const GArray *words, GArray *hits)
{
    const GcaRegisterFile *file = g_ptr_array_index(agencies->files, index);
    Folded folded = {0};
    gsize size;

    for (const char *at = file->start; at < file->end; at += size + 1) {
        Hit hit = {.line = at, .file = index};
        hit.size = size = gca_register_line_size(at, file->end);
        if (!fold_line(&folded, at, size) || !match(&folded, words, &hit.rank))
            continue;
        hit.name_size = (gsize) (folded.name_end - folded.name);
        g_array_append_val(hits, hit);
    }
    g_free(folded.text);
}

static int
compare_hits(gconstpointer a, gconstpointer b)
{
    const Hit *one = a, *other = b;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    if (one->name_size != other->name_size)
        return one->name_size < other->name_size ? -1 : 1;
    if (one->file != other->file)
        return one->file < other->file ? -1 : 1;
    return one->line < other->line ? -1 : 1;
}

/* TRUE if an earlier register has the agency, and so the last word on it. */
static gboolean
is_hidden(const GcaRegister *agencies, const Hit *hit)
{
    const char *tab = memchr(hit->line, '\t', hit->size);
    g_autofree char *oid = g_strndup(hit->line, (gsize) (tab - hit->line));
    gsize size;

    for (guint i = 0; i < hit->file; i++) {
        if (gca_register_file_find(g_ptr_array_index(agencies->files, i), oid, &size) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
drop_hidden(const GcaRegister *agencies, GArray *hits)
{
    guint kept = 0;

    for (guint i = 0; i < hits->len; i++) {
        const Hit hit = g_array_index(hits, Hit, i);
        if (hit.file == 0 || !is_hidden(agencies, &hit))
            g_array_index(hits, Hit, kept++) = hit;
    }
    g_array_set_size(hits, kept);
}

/* Words of the folded text; the ideographic space (U+3000) divides them, too. */
static GArray *
split_words(char *folded)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));

    while (*folded != '\0') {
        char *end = folded;
        while (*end != '\0' && !g_unichar_isspace(g_utf8_get_char(end)))
            end = g_utf8_next_char(end);
        Word word = {folded, (gsize) (end - folded)};
        if (word.size > 0)
            g_array_append_val(words, word);
        folded = *end != '\0' ? g_utf8_next_char(end) : end;
    }
    return words;
}

static GPtrArray *
parse_hits(const GcaRegister *agencies, const GArray *hits, guint limit)
{
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify) gca_agency_free);
    guint count = limit > 0 ? MIN(hits->len, limit) : hits->len;

    for (guint i = 0; i < count; i++) {
        const Hit *hit = &g_array_index(hits, Hit, i);
        const GcaRegisterFile *file = g_ptr_array_index(agencies->files, hit->file);
        GcaAgency *agency = gca_register_file_parse_line(file, hit->line, hit->size, NULL);
        if (agency == NULL)
            continue;
        agency->file = hit->file;
        g_ptr_array_add(found, agency);
    }
    return found;
}

GPtrArray *
gca_register_search(const GcaRegister *agencies, const char *words, guint limit, guint *total)
{
    g_autofree char *valid = g_utf8_make_valid(words, -1);
    g_autofree char *folded = g_malloc0(strlen(valid) + 1);
    fold(valid, strlen(valid), folded);
    g_autoptr(GArray) parts = split_words(folded);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));

    for (guint i = 0; parts->len > 0 && i < agencies->files->len; i++)
        collect(agencies, i, parts, hits);
    drop_hidden(agencies, hits);
    g_array_sort(hits, compare_hits);
    if (total != NULL)
        *total = hits->len;
    return parse_hits(agencies, hits, limit);
}
