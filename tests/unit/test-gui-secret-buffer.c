#include "config.h"

#include "gui/secret-buffer.h"

#include <string.h>

static void
type(GtkEntryBuffer *buffer, guint position, const char *text)
{
    gtk_entry_buffer_insert_text(buffer, position, text, -1);
}

static void
assert_taken(GtkEntryBuffer *buffer, const char *expected)
{
    g_autoptr(GcaSecret) secret = gca_secret_buffer_take(GCA_SECRET_BUFFER(buffer));

    g_assert_cmpmem(gca_secret_get_data(secret), gca_secret_get_size(secret), expected,
                    strlen(expected));
}

static void
test_types_and_deletes_in_the_middle(void)
{
    g_autoptr(GtkEntryBuffer) buffer = gca_secret_buffer_new();

    type(buffer, 0, "1456");
    type(buffer, 1, "23");
    g_assert_cmpstr(gtk_entry_buffer_get_text(buffer), ==, "123456");
    g_assert_cmpuint(gtk_entry_buffer_delete_text(buffer, 2, 2), ==, 2);
    g_assert_cmpstr(gtk_entry_buffer_get_text(buffer), ==, "1256");
    g_assert_cmpuint(gtk_entry_buffer_delete_text(buffer, 3, 10), ==, 1);
    g_assert_cmpuint(gtk_entry_buffer_delete_text(buffer, 9, 1), ==, 0);
    g_assert_cmpuint(gtk_entry_buffer_get_length(buffer), ==, 3);
    assert_taken(buffer, "125");
}

static void
test_counts_characters_not_bytes(void)
{
    g_autoptr(GtkEntryBuffer) buffer = gca_secret_buffer_new();

    type(buffer, 0, "測a試");
    g_assert_cmpuint(gtk_entry_buffer_get_length(buffer), ==, 3);
    g_assert_cmpuint(gtk_entry_buffer_get_bytes(buffer), ==, 7);
    type(buffer, 2, "é");
    g_assert_cmpuint(gtk_entry_buffer_delete_text(buffer, 0, 1), ==, 1);
    assert_taken(buffer, "aé試");
}

static void
test_leaves_out_what_does_not_fit(void)
{
    g_autoptr(GtkEntryBuffer) buffer = gca_secret_buffer_new();
    g_autofree char *longest = g_strnfill(GCA_SECRET_BUFFER_SIZE - 1, '7');
    g_autofree char *longer = g_strnfill(GCA_SECRET_BUFFER_SIZE, '7');

    g_assert_cmpuint(gtk_entry_buffer_insert_text(buffer, 0, longer, -1), ==, 0);
    g_assert_cmpuint(gtk_entry_buffer_get_length(buffer), ==, 0);
    type(buffer, 0, longest);
    g_assert_cmpuint(gtk_entry_buffer_insert_text(buffer, 0, "8", -1), ==, 0);
    g_assert_cmpuint(gtk_entry_buffer_insert_text(buffer, 3, "測", -1), ==, 0);
    assert_taken(buffer, longest);
}

static void
test_is_empty_and_wiped_after_taking(void)
{
    g_autoptr(GtkEntryBuffer) buffer = gca_secret_buffer_new();
    static const char zeros[GCA_SECRET_BUFFER_SIZE];

    type(buffer, 0, "123456");
    const char *where = gtk_entry_buffer_get_text(buffer);
    assert_taken(buffer, "123456");
    g_assert_cmpuint(gtk_entry_buffer_get_length(buffer), ==, 0);
    g_assert_cmpmem(where, GCA_SECRET_BUFFER_SIZE, zeros, sizeof zeros);
    assert_taken(buffer, "");
}

static void
test_wipes_what_was_deleted(void)
{
    g_autoptr(GtkEntryBuffer) buffer = gca_secret_buffer_new();
    static const char left[GCA_SECRET_BUFFER_SIZE] = "16";

    type(buffer, 0, "123456");
    const char *where = gtk_entry_buffer_get_text(buffer);
    gtk_entry_buffer_delete_text(buffer, 1, 4);
    g_assert_cmpmem(where, GCA_SECRET_BUFFER_SIZE, left, sizeof left);
}

static void
count(GtkEntryBuffer *buffer, guint position, guint n_chars, guint *told)
{
    *told += n_chars;
}

static void
test_tells_the_field_of_each_deletion(void)
{
    g_autoptr(GtkEntryBuffer) buffer = gca_secret_buffer_new();
    guint told = 0;

    g_signal_connect(buffer, "deleted-text", G_CALLBACK(count), &told);
    type(buffer, 0, "測試12");
    assert_taken(buffer, "測試12");
    g_assert_cmpuint(told, ==, 4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gui/secret-buffer/types-and-deletes-in-the-middle",
                    test_types_and_deletes_in_the_middle);
    g_test_add_func("/gui/secret-buffer/counts-characters-not-bytes",
                    test_counts_characters_not_bytes);
    g_test_add_func("/gui/secret-buffer/leaves-out-what-does-not-fit",
                    test_leaves_out_what_does_not_fit);
    g_test_add_func("/gui/secret-buffer/is-empty-and-wiped-after-taking",
                    test_is_empty_and_wiped_after_taking);
    g_test_add_func("/gui/secret-buffer/wipes-what-was-deleted", test_wipes_what_was_deleted);
    g_test_add_func("/gui/secret-buffer/tells-the-field-of-each-deletion",
                    test_tells_the_field_of_each_deletion);
    return g_test_run();
}
