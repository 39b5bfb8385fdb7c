#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "gui/exact-label.h"
#include "gui/file-choice.h"
#include "gui/focus.h"
#include "gui/pages.h"
#include "gui/pages/review/signing.h"
#include "gui/request-facts.h"
#include "gui/trust-note.h"

#include <glib/gi18n.h>

#define PLACE_OF_FACTS 4 /* in the template, behind the warnings */

#define GCA_TYPE_REVIEW_PAGE (gca_review_page_get_type())
G_DECLARE_FINAL_TYPE(GcaReviewPage, gca_review_page, GCA, REVIEW_PAGE, GcaAssistantPage)

struct _GcaReviewPage {
    GcaAssistantPage parent;
    GtkWidget *intro;
    GtkWidget *last_try_box;
    GtkToggleButton *last_try;
    GtkContainer *warnings;
    GcaTrustNote *trust_note;
    GtkExpander *exact;
    GtkLabel *bytes;
    GcaFactList *facts;

    GcaPreregDraft *draft;
    char *fingerprint; /* of the certificate that all this was made for; or NULL */
    GBytes *unsaved;   /* signed, but not saved where it is wanted; or NULL */
    char *kept;        /* meanwhile; or NULL */
    char *refusing;    /* as the fingerprint, if the last PIN was refused; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaReviewPage, gca_review_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- what is shown ---- */

static void
add_warning(GcaReviewPage *self, const char *sentence)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *icon = gtk_image_new_from_icon_name("dialog-warning-symbolic", GTK_ICON_SIZE_BUTTON);
    GtkWidget *label = g_object_new(GTK_TYPE_LABEL, "label", sentence, "xalign", 0.0, "wrap", TRUE,
                                    "wrap-mode", PANGO_WRAP_WORD_CHAR, "max-width-chars", 64,
                                    "hexpand", TRUE, "selectable", TRUE, NULL);

    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    atk_object_set_name(gtk_widget_get_accessible(icon), _("Warning"));
    gtk_container_add(GTK_CONTAINER(row), icon);
    gtk_container_add(GTK_CONTAINER(row), label);
    gtk_container_add(self->warnings, row);
    gtk_widget_show_all(row);
    gtk_widget_show(GTK_WIDGET(self->warnings));
}

/* Better known before the card signs than after. */
static void
warn_of_way(GcaReviewPage *self, const GcaProfile *profile)
{
    const char *next = gca_profile_get_next_step(profile);

    if (gca_profile_get_endpoint(profile) == NULL)
        add_warning(self, next ? next : _("Ask the CA how it takes the file."));
}

static void
show_warnings(GcaReviewPage *self)
{
    const GcaProfile *profile = gca_prereg_get_profile(self->draft->prereg);
    const char *const *warnings = gca_prereg_get_warnings(self->draft->prereg);

    for (guint i = 0; warnings[i] != NULL; i++)
        add_warning(self, warnings[i]);
    warn_of_way(self, profile);
    gca_trust_note_set_profile(self->trust_note, profile);
}

static void
show_bytes(GcaReviewPage *self, const GcaRequest *request)
{
    gsize size;
    const void *data = g_bytes_get_data(gca_request_get_content(request), &size);
    g_autofree char *text = gca_text_escape_bytes(data, size);

    gtk_label_set_text(self->bytes, text);
    gtk_widget_show(GTK_WIDGET(self->exact));
}

static void
show_nothing(GcaReviewPage *self)
{
    g_clear_pointer(&self->fingerprint, g_free);
    gtk_widget_hide(self->intro);
    gca_fact_list_clear(self->facts);
    gtk_container_foreach(self->warnings, (GtkCallback) (void (*)(void)) gtk_widget_destroy, NULL);
    gtk_widget_hide(GTK_WIDGET(self->warnings));
    gtk_widget_hide(GTK_WIDGET(self->trust_note));
    gtk_widget_hide(GTK_WIDGET(self->exact));
    gtk_widget_hide(self->last_try_box);
    gtk_expander_set_expanded(self->exact, FALSE);
}

/* What the button that leads on does now; NULL: nothing. */
static void
offer(GcaReviewPage *self, const char *label)
{
    GcaAssistantPage *page = GCA_ASSISTANT_PAGE(self);

    if (label != NULL)
        gca_assistant_page_set_next_label(page, label);
    gca_assistant_page_set_complete(page, label != NULL);
}

static void
on_prepared(gpointer owner, gpointer result, const GError *error)
{
    GcaReviewPage *self = owner;

    if (error != NULL) {
        offer(self, _("Try _Again"));
        if (!g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
            gca_assistant_page_fail(owner, error);
        return;
    }
    self->fingerprint = g_strdup(result);
    const GcaPrereg *prereg = self->draft->prereg;
    const GcaRequest *request = gca_prereg_get_request(prereg);
    gca_request_facts_add(self->facts, request, gca_prereg_get_profile(prereg),
                          gca_prereg_get_note(prereg));
    show_warnings(self);
    show_bytes(self, request);
    gtk_widget_show(self->intro);
    offer(self, _("_Sign…"));
}

static void
prepare(GcaReviewPage *self)
{
    GcaWork work = gca_signing_prepare(self->draft);

    show_nothing(self);
    offer(self, NULL);
    work.done = on_prepared;
    gca_assistant_page_run(GCA_ASSISTANT_PAGE(self), &work, _("Reading account and card …"));
}

static void
gca_review_page_enter(GcaAssistantPage *page)
{
    prepare(GCA_REVIEW_PAGE(page));
}

/* ---- signed ---- */

static gboolean
is_last_try(const GError *error)
{
    return gca_error_get_tries_left(error) == 1 &&
           (g_error_matches(error, GCA_ERROR, GCA_ERROR_PIN_POLICY) ||
            g_error_matches(error, GCA_ERROR, GCA_ERROR_PIN_WRONG));
}

/* The last try is the user's to give, each time anew. */
static void
tell_last_try(GcaReviewPage *self, GError **told)
{
    gca_error_set_hint(told, _("If you are sure of the PIN, tick “Use the last try” and sign "
                               "again. A wrong PIN then blocks the card."));
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), *told);
    gca_focus_soon(GTK_WIDGET(self->last_try));
}

/* With this card as it is there is nothing more to be done here. */
static void
tell_blocked(GcaReviewPage *self, GError **told)
{
    g_autofree char *hint = g_strdup_printf(
        _("%s When that is done, go back a page and come here again; or go back and choose "
          "another card."),
        gca_error_get_hint(*told));

    gca_error_set_hint(told, hint);
    offer(self, NULL);
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), *told);
}

/* Before the PIN was sent there is nothing to tell. */
static void
tell_stop(GcaReviewPage *self, const GError *error)
{
    g_autofree char *sentences = gca_error_dup_sentences(error);

    if (gca_error_get_hint(error) != NULL)
        gca_assistant_page_warn(GCA_ASSISTANT_PAGE(self), sentences);
}

/* What the card has said of a PIN holds until another may have been sent. */
static void
remember_refusal(GcaReviewPage *self, const GError *error)
{
    gboolean is_stop = g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    gboolean is_refusal = g_error_matches(error, GCA_ERROR, GCA_ERROR_PIN_WRONG);

    if (g_error_matches(error, GCA_ERROR, GCA_ERROR_PIN_POLICY) ||
        (is_stop && gca_error_get_hint(error) == NULL))
        return;
    g_free(self->refusing);
    self->refusing = is_refusal ? g_strdup(self->fingerprint) : NULL;
}

static void
tell_failure(GcaReviewPage *self, const GError *error)
{
    remember_refusal(self, error);
    if (g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED)) {
        tell_stop(self, error);
        return;
    }
    g_autoptr(GError) told = g_error_copy(error);
    gtk_widget_set_visible(self->last_try_box, is_last_try(error));
    if (is_last_try(error))
        tell_last_try(self, &told);
    else if (g_error_matches(error, GCA_ERROR, GCA_ERROR_PIN_BLOCKED))
        tell_blocked(self, &told);
    else
        gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), told);
}

static void
remember(GcaReviewPage *self, const GcaSignature *signature)
{
    if (self->unsaved == NULL)
        self->unsaved = g_bytes_ref(signature->message);
    if (signature->kept_note == NULL)
        return; /* kept before */
    g_free(self->kept);
    self->kept = g_strdup(signature->kept);
    gca_assistant_page_set_unsaved(GCA_ASSISTANT_PAGE(self), signature->kept_note);
}

/* What is signed is not thrown away: from here on it is saved, not signed once more. */
static void
ask_for_folder(GcaReviewPage *self, const GcaSignature *signature)
{
    GcaAssistantPage *page = GCA_ASSISTANT_PAGE(self);
    g_autoptr(GError) told = g_error_copy(signature->trouble);

    remember(self, signature);
    g_autofree char *hint =
        g_strdup_printf(_("The request is signed. Make room or choose another folder, and save "
                          "it. %s"),
                        gca_assistant_page_get_unsaved(page));
    gca_error_set_hint(&told, hint);
    gtk_widget_hide(self->intro);
    g_object_set(page, "final", TRUE, NULL);
    offer(self, _("_Save In…"));
    gca_assistant_page_fail(page, told);
}

static void
on_signed(gpointer owner, gpointer result, const GError *error)
{
    GcaReviewPage *self = owner;
    const GcaSignature *signature = result;

    if (error != NULL) {
        tell_failure(self, error);
        return;
    }
    gtk_widget_hide(self->last_try_box);
    if (signature->path == NULL) {
        ask_for_folder(self, signature);
        return;
    }
    self->draft->message = g_bytes_ref(signature->message);
    self->draft->path = g_strdup(signature->path);
    gca_assistant_page_set_unsaved(owner, NULL);
    gca_assistant_page_advance(owner);
    if (signature->trouble != NULL)
        gca_assistant_page_warn(owner, signature->trouble->message);
}

static void
sign(GcaReviewPage *self)
{
    const GcaLoginOptions login = {
        .allow_last_try = gtk_widget_get_visible(self->last_try_box) &&
                          gtk_toggle_button_get_active(self->last_try),
        .pin_fd = -1,
        .was_refused = self->refusing != NULL && g_str_equal(self->refusing, self->fingerprint),
    };
    GcaWork work = gca_signing_sign(self->draft, self->fingerprint, &login);

    gtk_toggle_button_set_active(self->last_try, FALSE); /* for this once */
    work.done = on_signed;
    gca_assistant_page_run(GCA_ASSISTANT_PAGE(self), &work, _("Leave the card in the reader."));
}

static void
save_in(gpointer owner, const char *folder)
{
    GcaReviewPage *self = owner;
    GcaWork work = gca_signing_save(self->draft, self->unsaved, self->kept, folder);

    work.done = on_signed;
    gca_assistant_page_run(owner, &work, _("Saving …"));
}

static void
save(GcaReviewPage *self)
{
    g_autofree char *home = g_strconcat(g_get_home_dir(), "/", NULL); /* begin in it */

    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                        _("Choose a folder for the signed request"), home, save_in);
}

static void
gca_review_page_apply(GcaAssistantPage *page)
{
    GcaReviewPage *self = GCA_REVIEW_PAGE(page);

    if (self->unsaved != NULL)
        save(self);
    else if (self->fingerprint != NULL)
        sign(self);
    else
        prepare(self);
}

/* ---- its making ---- */

static void
gca_review_page_finalize(GObject *object)
{
    GcaReviewPage *self = GCA_REVIEW_PAGE(object);

    gca_prereg_draft_unref(self->draft);
    g_free(self->fingerprint);
    g_clear_pointer(&self->unsaved, g_bytes_unref);
    g_free(self->kept);
    g_free(self->refusing);
    G_OBJECT_CLASS(gca_review_page_parent_class)->finalize(object);
}

static void
gca_review_page_class_init(GcaReviewPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_review_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_review_page_enter;
    GCA_ASSISTANT_PAGE_CLASS(class)->apply = gca_review_page_apply;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/review-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, intro);
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, last_try_box);
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, last_try);
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, warnings);
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, trust_note);
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, exact);
    gtk_widget_class_bind_template_child(widget, GcaReviewPage, bytes);
}

static void
gca_review_page_init(GcaReviewPage *self)
{
    g_type_ensure(GCA_TYPE_TRUST_NOTE);
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_exact_label_set_up(self->bytes);
    GtkWidget *facts = gca_fact_list_new();
    self->facts = GCA_FACT_LIST(facts);
    gtk_box_pack_start(GTK_BOX(self), facts, FALSE, FALSE, 0);
    gtk_box_reorder_child(GTK_BOX(self), facts, PLACE_OF_FACTS);
    gtk_widget_show(facts);
}

GcaAssistantPage *
gca_review_page_new(GcaPreregDraft *draft)
{
    GcaReviewPage *self = g_object_new(GCA_TYPE_REVIEW_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
