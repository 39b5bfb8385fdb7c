#include "config.h"

#include "gui/localsign-prompt/dialog.h"

#include "base/error.h"
#include "gui/secret-buffer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A dialog that appears under clicks or keys meant for another window is not answered by them: it
 * takes none until it has been there, and no key has come, for so long. */
#define SETTLE_MILLISECONDS 700

#define LONG_WORD 32 /* letters; a line has more */
#define WORD_PIECE 8
#define LONG_PARAGRAPH 2048

struct _GcaConsentDialog {
    GtkDialog parent;
    GtkLabel *heading, *site, *meaning;
    GtkWidget *scroller, *facts;
    GtkLabel *reader, *holder;
    GtkWidget *text_part, *bytes_part, *binding_part;
    GtkTextView *text;
    GtkLabel *size, *sha256;
    GtkWidget *pin_part, *pin_row;
    GtkImage *pin_icon;
    GtkLabel *tries, *advice;
    GtkEntry *pin;
    GtkEntryBuffer *buffer;
    GtkWidget *no, *yes;
    guint settling;
};

G_DEFINE_FINAL_TYPE(GcaConsentDialog, gca_consent_dialog, GTK_TYPE_DIALOG)

static gboolean
asks_pin(GcaConsentDialog *self)
{
    return gtk_widget_get_visible(self->pin_row);
}

/* Enter is a no, unless a PIN has been typed. */
static void
judge(GcaConsentDialog *self)
{
    gboolean has_pin = asks_pin(self) && gtk_entry_buffer_get_length(self->buffer) > 0;
    gboolean is_settled = self->settling == 0;

    gtk_dialog_set_response_sensitive(GTK_DIALOG(self), GTK_RESPONSE_YES,
                                      is_settled && (has_pin || !asks_pin(self)));
    gtk_dialog_set_response_sensitive(GTK_DIALOG(self), GTK_RESPONSE_NO, is_settled);
    gtk_widget_set_sensitive(GTK_WIDGET(self->pin), is_settled);
    gtk_dialog_set_default_response(GTK_DIALOG(self), has_pin ? GTK_RESPONSE_YES : GTK_RESPONSE_NO);
}

static gboolean
settle(gpointer data)
{
    GcaConsentDialog *self = data;

    self->settling = 0;
    judge(self);
    gtk_widget_grab_focus(asks_pin(self) ? GTK_WIDGET(self->pin) : self->no);
    return G_SOURCE_REMOVE;
}

static void
begin_settling(GcaConsentDialog *self)
{
    g_clear_handle_id(&self->settling, g_source_remove);
    self->settling = g_timeout_add(SETTLE_MILLISECONDS, settle, self);
}

/* Whoever types when the window comes is still typing elsewhere: a PIN does not get half of it. */
static gboolean
gca_consent_dialog_key_press_event(GtkWidget *widget, GdkEventKey *event)
{
    GcaConsentDialog *self = GCA_CONSENT_DIALOG(widget);
    GtkWidgetClass *parent = GTK_WIDGET_CLASS(gca_consent_dialog_parent_class);

    if (self->settling == 0)
        return parent->key_press_event(widget, event);
    begin_settling(self);
    return GDK_EVENT_STOP;
}

/* Pango puts hyphens where it breaks a word, which a name or an address does not have. */
static void
show_exact(GtkLabel *label, const char *text)
{
    PangoAttrList *had = gtk_label_get_attributes(label);
    g_autoptr(PangoAttrList) attributes = had ? pango_attr_list_copy(had) : pango_attr_list_new();

    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    gtk_label_set_attributes(label, attributes);
    gtk_label_set_text(label, text);
}

static void
gca_consent_dialog_map(GtkWidget *widget)
{
    GTK_WIDGET_CLASS(gca_consent_dialog_parent_class)->map(widget);
    gtk_window_set_urgency_hint(GTK_WINDOW(widget), TRUE);
    begin_settling(GCA_CONSENT_DIALOG(widget));
}

static void
gca_consent_dialog_destroy(GtkWidget *widget)
{
    g_clear_handle_id(&GCA_CONSENT_DIALOG(widget)->settling, g_source_remove);
    GTK_WIDGET_CLASS(gca_consent_dialog_parent_class)->destroy(widget);
}

static void
bind_sign_children(GtkWidgetClass *widget)
{
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, facts);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, reader);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, holder);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, text_part);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, text);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, bytes_part);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, size);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, sha256);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, binding_part);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, pin_part);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, pin_row);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, pin_icon);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, tries);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, advice);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, pin);
}

static void
gca_consent_dialog_class_init(GcaConsentDialogClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    widget->map = gca_consent_dialog_map;
    widget->destroy = gca_consent_dialog_destroy;
    widget->key_press_event = gca_consent_dialog_key_press_event;
    gtk_widget_class_set_template_from_resource(widget,
                                                "/tw/gca_toolkit/LocalsignPrompt/dialog.ui");
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, heading);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, site);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, meaning);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, scroller);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, no);
    gtk_widget_class_bind_template_child(widget, GcaConsentDialog, yes);
    bind_sign_children(widget);
}

static void
gca_consent_dialog_init(GcaConsentDialog *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->buffer = gca_secret_buffer_new();
    gtk_entry_set_buffer(self->pin, self->buffer);
    g_object_unref(self->buffer); /* the entry holds it */
    g_signal_connect_object(self->pin, "changed", G_CALLBACK(judge), self, G_CONNECT_SWAPPED);
    begin_settling(self);
}

/* The heading, in the accessible name and the window's title too. */
static void
head(GcaConsentDialog *self, const GcaConsentQuestion *question, const char *title,
     const char *heading)
{
    AtkObject *accessible = gtk_widget_get_accessible(GTK_WIDGET(self));

    gtk_window_set_title(GTK_WINDOW(self), title);
    gtk_label_set_text(self->heading, heading);
    show_exact(self->site, question->site);
    atk_object_set_name(accessible, title);
    atk_object_set_description(accessible, gtk_label_get_text(self->meaning));
}

static void
show_trust(GcaConsentDialog *self, const GcaConsentQuestion *question)
{
    g_autofree char *title = g_strdup_printf(_("Trust %s?"), question->site);

    gtk_label_set_text(
        self->meaning,
        _("If you trust this site, it may see the certificates of your card and ask for "
          "signatures. You will still be asked before each signature. Trust only a site that you "
          "have opened yourself and whose address you know."));
    head(self, question, title, _("May this web site use your card?"));
    gtk_button_set_label(GTK_BUTTON(self->yes), _("_Trust This Site"));
    gtk_widget_hide(self->facts);
    gtk_widget_hide(self->binding_part);
}

/* GtkTextView cannot be told to leave the hyphens out: so a long word gets places to break, which
 * are not seen (U+200B; of the asker's own none is left, gca_text_escape has made them visible).
 * Pango needs minutes for a paragraph of a million letters, so it becomes several: all lines are
 * wrapped anyway. */
static char *
prepare_text(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    guint word = 0, paragraph = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        gboolean is_break = strchr(" \n\t", (int) MIN(c, 0x7f)) != NULL || g_unichar_iswide(c);
        word = is_break ? 0 : word + 1;
        paragraph = c == '\n' ? 0 : paragraph + 1;
        if (word >= LONG_WORD && word % WORD_PIECE == 0)
            g_string_append_unichar(out, 0x200B);
        if (paragraph > 0 && paragraph % LONG_PARAGRAPH == 0)
            g_string_append_c(out, '\n');
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static void
show_text(GcaConsentDialog *self, const char *text)
{
    g_autofree char *prepared = prepare_text(text);

    gtk_text_buffer_set_text(gtk_text_view_get_buffer(self->text), prepared, -1);
}

static void
show_content(GcaConsentDialog *self, const GcaConsentQuestion *question)
{
    gboolean is_text = question->text != NULL;
    g_autofree char *exact = g_strdup_printf("%" G_GINT64_FORMAT, question->size);
    g_autofree char *size =
        g_strdup_printf(ngettext("%s byte", "%s bytes", (gulong) question->size), exact);

    if (is_text)
        show_text(self, question->text);
    gtk_label_set_text(self->size, size);
    gtk_label_set_text(self->sha256, question->sha256);
    gtk_widget_set_visible(self->text_part, is_text);
    gtk_widget_set_visible(self->bytes_part, !is_text);
}

static char *
describe_tries(gint64 tries)
{
    if (tries == 1)
        return g_strdup(_("This is the last try: if the PIN is wrong, the card is blocked."));
    if (tries == 0)
        return g_strdup(_("No try is left: the card is blocked."));
    return g_strdup_printf(
        ngettext("%d try is left for the PIN.", "%d tries are left for the PIN.", (gulong) tries),
        (int) tries);
}

static void
show_line(GtkLabel *label, const char *text)
{
    gtk_label_set_text(label, text ? text : "");
    gtk_widget_set_visible(GTK_WIDGET(label), text != NULL);
}

/* Without the field, too: a PIN that the page has sent, or that is typed at the reader, uses a try.
 */
static void
show_pin(GcaConsentDialog *self, const GcaConsentQuestion *question)
{
    GtkWidget *described = question->asks_pin ? GTK_WIDGET(self->pin) : self->yes;
    gboolean is_last = question->tries_left == 0 || question->tries_left == 1;
    g_autofree char *tries =
        question->tries_left == GCA_TRIES_UNKNOWN ? NULL : describe_tries(question->tries_left);
    /* the service may have said the very same */
    const char *advice = g_strcmp0(tries, question->advice) == 0 ? NULL : question->advice;
    g_autofree char *description =
        g_strjoin(tries && advice ? " " : "", tries ? tries : "", advice ? advice : "", NULL);

    show_line(self->tries, tries);
    show_line(self->advice, advice);
    gtk_image_set_from_icon_name(self->pin_icon,
                                 is_last ? "dialog-warning-symbolic" : "dialog-password-symbolic",
                                 GTK_ICON_SIZE_DIALOG);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self->pin_icon)),
                        is_last ? _("Warning") : _("PIN"));
    atk_object_set_description(gtk_widget_get_accessible(described), description);
    gtk_widget_set_visible(self->pin_row, question->asks_pin);
    gtk_widget_show(self->pin_part);
}

static void
show_sign(GcaConsentDialog *self, const GcaConsentQuestion *question)
{
    g_autofree char *title = g_strdup_printf(_("Sign for %s?"), question->site);

    gtk_label_set_text(self->meaning,
                       question->text
                           ? _("Read the text below before you decide. Refuse what you did not "
                               "ask for yourself.")
                           : _("What is to be signed cannot be shown. Refuse what you did not "
                               "ask for yourself."));
    head(self, question, title, _("This web site asks for a signature of your card"));
    gtk_button_set_label(GTK_BUTTON(self->yes), _("_Sign"));
    show_exact(self->reader, question->reader);
    show_exact(self->holder, question->holder);
    show_content(self, question);
    if (question->asks_pin || question->tries_left != GCA_TRIES_UNKNOWN)
        show_pin(self, question);
}

GtkWidget *
gca_consent_dialog_new(const GcaConsentQuestion *question)
{
    GcaConsentDialog *self = g_object_new(GCA_TYPE_CONSENT_DIALOG, "use-header-bar", 0, NULL);

    if (question->kind == GCA_CONSENT_TRUST)
        show_trust(self, question);
    else
        show_sign(self, question);
    judge(self);
    gtk_widget_grab_focus(self->scroller); /* else GTK would, and select, the site */
    return GTK_WIDGET(self);
}

GcaSecret *
gca_consent_dialog_take_pin(GcaConsentDialog *self)
{
    return asks_pin(self) ? gca_secret_buffer_take(GCA_SECRET_BUFFER(self->buffer)) : NULL;
}
