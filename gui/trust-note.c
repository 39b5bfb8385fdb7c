#include "config.h"

#include "gui/trust-note.h"

#include <glib/gi18n.h>

struct _GcaTrustNote {
    GtkBox parent;
    GtkLabel *sentence;
};

G_DEFINE_FINAL_TYPE(GcaTrustNote, gca_trust_note, GTK_TYPE_BOX)

void
gca_trust_note_set_profile(GcaTrustNote *self, const GcaProfile *profile)
{
    const char *note = gca_profile_get_trust_note(profile);
    const char *date = gca_profile_get_trust_note_date(profile);
    g_autofree char *dated = note && date ? g_strdup_printf(_("%s (as of %s)"), note, date) : NULL;

    gtk_label_set_text(self->sentence, dated ? dated : note ? note : "");
    gtk_widget_set_visible(GTK_WIDGET(self), note != NULL);
}

static void
gca_trust_note_class_init(GcaTrustNoteClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/trust-note.ui");
    gtk_widget_class_bind_template_child(widget, GcaTrustNote, sentence);
}

static void
gca_trust_note_init(GcaTrustNote *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
