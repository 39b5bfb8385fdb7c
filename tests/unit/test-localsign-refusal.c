/* How long a no lasts, and when nobody is asked at all. */
#include "localsign/refusal.h"

#define ONE "https://one.example.gov.tw"
#define TWO "https://two.example.gov.tw"
#define THREE "https://three.example.gov.tw"
#define NEW "https://new.example.gov.tw"
#define SECOND G_TIME_SPAN_SECOND

static void
test_one_site(void)
{
    g_autoptr(GcaRefusals) refusals = gca_refusals_new();

    g_assert_false(gca_refusals_hold(refusals, ONE, 5));
    g_assert_true(gca_refusals_are_over(refusals, 5));
    gca_refusals_add(refusals, ONE, 5);
    g_assert_true(gca_refusals_hold(refusals, ONE, 5));
    g_assert_false(gca_refusals_hold(refusals, TWO, 5));
    g_assert_true(gca_refusals_hold(refusals, ONE, 4 + GCA_REFUSAL_LIFE));
    g_assert_false(gca_refusals_are_over(refusals, 4 + GCA_REFUSAL_LIFE));
    g_assert_false(gca_refusals_hold(refusals, ONE, 5 + GCA_REFUSAL_LIFE));
    g_assert_true(gca_refusals_are_over(refusals, 5 + GCA_REFUSAL_LIFE));
}

static void
test_row(void)
{
    g_autoptr(GcaRefusals) refusals = gca_refusals_new();

    gca_refusals_add(refusals, ONE, 0);
    gca_refusals_add(refusals, TWO, 30 * SECOND);
    g_assert_false(gca_refusals_hold(refusals, NEW, 30 * SECOND));
    gca_refusals_add(refusals, THREE, 60 * SECOND);
    g_assert_true(gca_refusals_hold(refusals, NEW, 60 * SECOND));
    g_assert_true(gca_refusals_hold(refusals, NEW, 59 * SECOND + GCA_REFUSAL_LIFE));
    g_assert_false(gca_refusals_hold(refusals, NEW, 60 * SECOND + GCA_REFUSAL_LIFE));
}

static void
test_slow_row(void)
{
    g_autoptr(GcaRefusals) refusals = gca_refusals_new();

    gca_refusals_add(refusals, ONE, 0);
    gca_refusals_add(refusals, TWO, 30 * SECOND);
    gca_refusals_add(refusals, THREE, 61 * SECOND);
    g_assert_false(gca_refusals_hold(refusals, NEW, 61 * SECOND));
}

static void
test_yes_ends_row(void)
{
    g_autoptr(GcaRefusals) refusals = gca_refusals_new();

    gca_refusals_add(refusals, ONE, 0);
    gca_refusals_add(refusals, TWO, 0);
    gca_refusals_end_row(refusals);
    gca_refusals_add(refusals, THREE, 0);
    g_assert_false(gca_refusals_hold(refusals, NEW, 0));
    g_assert_true(gca_refusals_hold(refusals, ONE, 0));
}

/* A page that opens the question and takes it back, again and again. */
static void
test_taken_back(void)
{
    g_autoptr(GcaRefusals) refusals = gca_refusals_new();

    for (guint i = 0; i < GCA_REFUSAL_ROW; i++) {
        g_assert_false(gca_refusals_hold(refusals, ONE, i));
        gca_refusals_add(refusals, NULL, i);
    }
    g_assert_true(gca_refusals_hold(refusals, ONE, GCA_REFUSAL_ROW));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/refusal/one-site", test_one_site);
    g_test_add_func("/localsign/refusal/row", test_row);
    g_test_add_func("/localsign/refusal/slow-row", test_slow_row);
    g_test_add_func("/localsign/refusal/yes-ends-row", test_yes_ends_row);
    g_test_add_func("/localsign/refusal/taken-back", test_taken_back);
    return g_test_run();
}
