#include "config.h"

#include "base/error.h"
#include "flow/found-card.h"
#include "gui/exact-label.h"
#include "gui/pages.h"
#include "gui/pages/card/card-row.h"
#include "gui/pages/card/card-watcher.h"
#include "pcsc/context.h"

#include <glib/gi18n.h>
#include <string.h>

#define GCA_TYPE_CARD_PAGE (gca_card_page_get_type())
G_DECLARE_FINAL_TYPE(GcaCardPage, gca_card_page, GCA, CARD_PAGE, GcaAssistantPage)

struct _GcaCardPage {
    GcaAssistantPage parent;
    GtkImage *picture;
    GtkLabel *sentence;
    GtkLabel *remedy;
    GtkFrame *frame;
    GtkListBox *cards;
    GcaPreregDraft *draft;
    GcaCardWatcher *watcher; /* NULL while it is not shown */
    GcaSeat *chosen;         /* or NULL */
};

G_DEFINE_FINAL_TYPE(GcaCardPage, gca_card_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- what is seen ---- */

typedef enum {
    LOOKING,
    SERVICE_OFF,
    ACCESS_REFUSED,
    NO_READER,
    NO_CARD,
    CARD_UNKNOWN,
    CARD_BUSY,
    CARD_OK,
} State;

static const struct {
    const char *icon;
    const char *name; /* for those who do not see it */
} pictures[] = {
    [LOOKING] = {"gca-card-busy-symbolic", N_("Looking for cards")},
    [SERVICE_OFF] = {"gca-service-off-symbolic", N_("Card service off")},
    [ACCESS_REFUSED] = {"gca-access-denied-symbolic", N_("Access refused")},
    [NO_READER] = {"gca-no-reader-symbolic", N_("No card reader")},
    [NO_CARD] = {"gca-no-card-symbolic", N_("No card")},
    [CARD_UNKNOWN] = {"gca-card-unknown-symbolic", N_("Card cannot be used")},
    [CARD_BUSY] = {"gca-card-busy-symbolic", N_("Card in use")},
    [CARD_OK] = {"gca-card-ok-symbolic", N_("Card found")},
};

static State
state_of(const GError *error)
{
    gulong native = gca_error_get_native(error);

    switch (gca_error_get_code(error)) {
    case GCA_ERROR_NO_READER:
        if (native == GCA_PCSC_ACCESS_REFUSED)
            return ACCESS_REFUSED;
        return native == 0 ? NO_READER : SERVICE_OFF;
    case GCA_ERROR_NO_CARD:
        return NO_CARD;
    case GCA_ERROR_BUSY:
        return CARD_BUSY;
    default:
        return CARD_UNKNOWN;
    }
}

static void
show_state(GcaCardPage *self, State state, const char *sentence, const char *remedy)
{
    AtkObject *accessible = gtk_widget_get_accessible(GTK_WIDGET(self->picture));

    gtk_image_set_from_icon_name(self->picture, pictures[state].icon, GTK_ICON_SIZE_DIALOG);
    atk_object_set_name(accessible, _(pictures[state].name));
    gca_exact_label_show_outside(self->sentence, sentence);
    gca_exact_label_show_outside(self->remedy, remedy);
    gtk_label_set_selectable(self->remedy, state != CARD_OK); /* a command may be in it */
}

static void
show_error(GcaCardPage *self, const GError *error)
{
    show_state(self, state_of(error), error->message, gca_error_get_hint(error));
}

static void
show_no_card(GcaCardPage *self)
{
    const GcaErrorInfo *info = gca_error_info(GCA_ERROR_NO_CARD);

    show_state(self, NO_CARD, _(info->summary), _("Insert the GCA card, chip first."));
}

static void
show_useless(GcaCardPage *self, GPtrArray *cards)
{
    const char *remedy = cards->len == 1 ? gca_seat_get_remedy(cards->pdata[0]) : NULL;

    show_state(self, CARD_UNKNOWN,
               ngettext("This card cannot sign; the reason stands below.",
                        "None of these cards can sign; the reasons stand below.", cards->len),
               remedy ? remedy : _("Insert the GCA card of your agency."));
}

static guint
count_usable(GPtrArray *cards)
{
    guint n = 0;

    for (guint i = 0; i < cards->len; i++)
        n += gca_seat_can_sign(cards->pdata[i]);
    return n;
}

static void
show_cards(GcaCardPage *self, GPtrArray *cards)
{
    if (count_usable(cards) == 0)
        show_useless(self, cards);
    else if (cards->len == 1)
        show_state(self, CARD_OK, _("The card has been read."),
                   _("Check that what is on the card is right, then go on."));
    else
        show_state(self, CARD_OK, _("There are several cards."),
                   _("Choose the one to sign with, then go on."));
}

/* ---- the list ---- */

static gboolean
is_same_card(const GcaSeat *a, const GcaSeat *b)
{
    return a->holder != NULL && b->holder != NULL && g_strcmp0(a->number, b->number) == 0 &&
           (a->number != NULL || g_strcmp0(a->reader, b->reader) == 0) &&
           X509_cmp(gca_holder_get_certificate(a->holder), gca_holder_get_certificate(b->holder)) ==
               0;
}

/* Named when the program was started. */
static gboolean
is_wanted(const GcaSeat *seat, const GcaCardChoice *choice)
{
    if (choice->serial != NULL)
        return seat->number != NULL && g_ascii_strcasecmp(seat->number, choice->serial) == 0;
    return choice->reader != NULL && seat->reader != NULL &&
           strstr(seat->reader, choice->reader) != NULL;
}

static void
on_selected(GcaCardPage *self, GtkListBoxRow *row)
{
    g_clear_pointer(&self->chosen, gca_seat_free);
    if (row != NULL)
        self->chosen = gca_seat_dup(gca_card_row_get_seat(GCA_CARD_ROW(row)));
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), row != NULL);
}

/* The one chosen before, else the one named, else the only one. */
static GtkListBoxRow *
find_row(GcaCardPage *self, const GcaSeat *before)
{
    g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(self->cards));
    GtkListBoxRow *found = NULL;

    for (GList *at = rows; at != NULL; at = at->next) {
        const GcaSeat *seat = gca_card_row_get_seat(at->data);
        if (!gca_seat_can_sign(seat))
            continue;
        if (before != NULL && is_same_card(seat, before))
            return at->data;
        if (is_wanted(seat, &self->draft->start) || rows->next == NULL)
            found = at->data;
    }
    return found;
}

static gboolean
has_focus(GcaCardPage *self)
{
    GtkWidget *window = gtk_widget_get_toplevel(GTK_WIDGET(self));
    GtkWidget *focus = GTK_IS_WINDOW(window) ? gtk_window_get_focus(GTK_WINDOW(window)) : NULL;

    return focus != NULL && gtk_widget_is_ancestor(focus, GTK_WIDGET(self->cards));
}

static void
fill_list(GcaCardPage *self, GPtrArray *cards)
{
    g_autoptr(GcaSeat) before = g_steal_pointer(&self->chosen);
    gboolean had_focus = has_focus(self);

    gtk_list_box_unselect_all(self->cards);
    gtk_container_foreach(GTK_CONTAINER(self->cards),
                          (GtkCallback) (void (*)(void)) gtk_widget_destroy, NULL);
    for (guint i = 0; i < cards->len; i++)
        gtk_container_add(GTK_CONTAINER(self->cards), gca_card_row_new(cards->pdata[i]));
    gtk_widget_set_visible(GTK_WIDGET(self->frame), cards->len > 0);
    GtkListBoxRow *row = find_row(self, before);
    gtk_list_box_select_row(self->cards, row);
    on_selected(self, row);
    if (had_focus)
        gtk_widget_child_focus(GTK_WIDGET(self->cards), GTK_DIR_TAB_FORWARD);
}

static void
show_report(gpointer owner, GPtrArray *seats, const GError *error)
{
    GcaCardPage *self = owner;
    g_autoptr(GPtrArray) cards = g_ptr_array_new(); /* borrowed */
    const GcaSeat *only;

    for (guint i = 0; i < seats->len; i++) {
        if (((GcaSeat *) seats->pdata[i])->has_card)
            g_ptr_array_add(cards, seats->pdata[i]);
    }
    only = cards->len == 1 ? cards->pdata[0] : NULL;
    if (error != NULL)
        show_error(self, error);
    else if (cards->len == 0)
        show_no_card(self);
    else if (only != NULL && only->trouble != NULL)
        show_error(self, only->trouble);
    else
        show_cards(self, cards);
    if (only != NULL && only->trouble != NULL)
        g_ptr_array_set_size(cards, 0); /* all that is known has been said */
    fill_list(self, cards);
}

/* ---- hooks ---- */

static void
gca_card_page_enter(GcaAssistantPage *page)
{
    GcaCardPage *self = GCA_CARD_PAGE(page);

    self->watcher = gca_card_watcher_start(self, self->draft, show_report);
}

static void
gca_card_page_leave(GcaAssistantPage *page)
{
    g_clear_pointer(&GCA_CARD_PAGE(page)->watcher, gca_card_watcher_stop);
}

/* ---- whether it can be signed with ---- */

/* What was read of it went past the module, which signs. */
static gpointer
open_token(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const GcaPreregDraft *draft = data;
    g_autoptr(GcaFoundCard) card =
        gca_found_card_open(&draft->card, FALSE, interaction, cancel, error);

    return card != NULL && gca_found_card_get_token(card, error) != NULL ? data : NULL;
}

static void
on_opened(gpointer owner, gpointer result, const GError *error)
{
    if (error == NULL) {
        gca_assistant_page_advance(owner);
        return;
    }
    gca_card_page_enter(owner); /* looks on */
    if (!g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        gca_assistant_page_fail(owner, error);
}

static void
gca_card_page_apply(GcaAssistantPage *page)
{
    GcaCardPage *self = GCA_CARD_PAGE(page);
    const GcaWork work = {
        .lane = GCA_LANE_CARD,
        .run = open_token,
        .done = on_opened,
        .data = gca_prereg_draft_ref(self->draft),
        .free_data = (GDestroyNotify) gca_prereg_draft_unref,
    };

    gca_card_page_leave(page); /* nobody else may be at the card */
    gca_prereg_draft_set_card(self->draft, self->chosen);
    gca_assistant_page_run(page, &work, _("Opening the card …"));
}

/* ---- its making ---- */

static void
gca_card_page_dispose(GObject *object)
{
    g_clear_pointer(&GCA_CARD_PAGE(object)->watcher, gca_card_watcher_stop);
    G_OBJECT_CLASS(gca_card_page_parent_class)->dispose(object);
}

static void
gca_card_page_finalize(GObject *object)
{
    GcaCardPage *self = GCA_CARD_PAGE(object);

    g_clear_pointer(&self->chosen, gca_seat_free);
    gca_prereg_draft_unref(self->draft);
    G_OBJECT_CLASS(gca_card_page_parent_class)->finalize(object);
}

static void
gca_card_page_class_init(GcaCardPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_card_page_dispose;
    G_OBJECT_CLASS(class)->finalize = gca_card_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_card_page_enter;
    GCA_ASSISTANT_PAGE_CLASS(class)->leave = gca_card_page_leave;
    GCA_ASSISTANT_PAGE_CLASS(class)->apply = gca_card_page_apply;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/card-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaCardPage, picture);
    gtk_widget_class_bind_template_child(widget, GcaCardPage, sentence);
    gtk_widget_class_bind_template_child(widget, GcaCardPage, remedy);
    gtk_widget_class_bind_template_child(widget, GcaCardPage, frame);
    gtk_widget_class_bind_template_child(widget, GcaCardPage, cards);
    gtk_widget_class_bind_template_callback(widget, on_selected);
}

static void
gca_card_page_init(GcaCardPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    show_state(self, LOOKING, _("Looking for card readers and cards…"), NULL);
}

GcaAssistantPage *
gca_card_page_new(GcaPreregDraft *draft)
{
    GcaCardPage *self = g_object_new(GCA_TYPE_CARD_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
