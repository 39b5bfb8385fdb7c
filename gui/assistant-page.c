#include "config.h"

#include "gui/assistant-page.h"

#include "gui/assistant.h"

#include <glib/gi18n.h>

typedef struct {
    char *title;
    char *next_label;
    char *unsaved;
    gboolean is_complete;
    gboolean is_final;
} GcaAssistantPagePrivate;

G_DEFINE_TYPE_WITH_PRIVATE(GcaAssistantPage, gca_assistant_page, GTK_TYPE_BOX)

enum { PROP_0, PROP_TITLE, PROP_NEXT_LABEL, PROP_COMPLETE, PROP_FINAL, N_PROPS };
static GParamSpec *properties[N_PROPS];

static GcaAssistantPagePrivate *
private_of(GcaAssistantPage *self)
{
    return gca_assistant_page_get_instance_private(self);
}

static GcaAssistant *
assistant_of(GcaAssistantPage *self)
{
    return GCA_ASSISTANT(gtk_widget_get_ancestor(GTK_WIDGET(self), GCA_TYPE_ASSISTANT));
}

/* ---- what the template or the page says of itself ---- */

static void
set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    GcaAssistantPagePrivate *private = private_of(GCA_ASSISTANT_PAGE(object));

    switch (id) {
    case PROP_TITLE:
        g_free(private->title);
        private->title = g_value_dup_string(value);
        break;
    case PROP_NEXT_LABEL:
        gca_assistant_page_set_next_label(GCA_ASSISTANT_PAGE(object), g_value_get_string(value));
        break;
    case PROP_COMPLETE:
        gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(object), g_value_get_boolean(value));
        break;
    case PROP_FINAL:
        private
        ->is_final = g_value_get_boolean(value);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    GcaAssistantPagePrivate *private = private_of(GCA_ASSISTANT_PAGE(object));

    switch (id) {
    case PROP_TITLE:
        g_value_set_string(value, private->title);
        break;
    case PROP_NEXT_LABEL:
        g_value_set_string(value, gca_assistant_page_get_next_label(GCA_ASSISTANT_PAGE(object)));
        break;
    case PROP_COMPLETE:
        g_value_set_boolean(value, private->is_complete);
        break;
    case PROP_FINAL:
        g_value_set_boolean(value, private->is_final);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

static void
gca_assistant_page_finalize(GObject *object)
{
    GcaAssistantPagePrivate *private = private_of(GCA_ASSISTANT_PAGE(object));

    g_free(private->title);
    g_free(private->next_label);
    g_free(private->unsaved);
    G_OBJECT_CLASS(gca_assistant_page_parent_class)->finalize(object);
}

static void
gca_assistant_page_class_init(GcaAssistantPageClass *class)
{
    GObjectClass *object = G_OBJECT_CLASS(class);
    GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object->set_property = set_property;
    object->get_property = get_property;
    object->finalize = gca_assistant_page_finalize;
    properties[PROP_TITLE] = g_param_spec_string("title", NULL, NULL, NULL, flags);
    properties[PROP_NEXT_LABEL] =
        g_param_spec_string("next-label", NULL, NULL, NULL, flags | G_PARAM_EXPLICIT_NOTIFY);
    properties[PROP_COMPLETE] =
        g_param_spec_boolean("complete", NULL, NULL, TRUE, flags | G_PARAM_EXPLICIT_NOTIFY);
    properties[PROP_FINAL] = g_param_spec_boolean("final", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(object, N_PROPS, properties);
}

static void
gca_assistant_page_init(GcaAssistantPage *self)
{
    private_of(self)->is_complete = TRUE;
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
}

void
gca_assistant_page_set_complete(GcaAssistantPage *self, gboolean is_complete)
{
    GcaAssistantPagePrivate *private = private_of(self);

    if (private->is_complete == is_complete)
        return;
    private->is_complete = is_complete;
    g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_COMPLETE]);
}

void
gca_assistant_page_set_next_label(GcaAssistantPage *self, const char *label)
{
    GcaAssistantPagePrivate *private = private_of(self);

    g_free(private->next_label);
    private->next_label = g_strdup(label);
    g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_NEXT_LABEL]);
}

void
gca_assistant_page_set_unsaved(GcaAssistantPage *self, const char *sentence)
{
    GcaAssistantPagePrivate *private = private_of(self);

    g_free(private->unsaved);
    private->unsaved = g_strdup(sentence);
}

const char *
gca_assistant_page_get_unsaved(GcaAssistantPage *self)
{
    return private_of(self)->unsaved;
}

const char *
gca_assistant_page_get_title(GcaAssistantPage *self)
{
    return private_of(self)->title;
}

const char *
gca_assistant_page_get_next_label(GcaAssistantPage *self)
{
    const char *label = private_of(self)->next_label;
    return label ? label : _("_Next");
}

gboolean
gca_assistant_page_is_complete(GcaAssistantPage *self)
{
    return private_of(self)->is_complete;
}

gboolean
gca_assistant_page_is_final(GcaAssistantPage *self)
{
    return private_of(self)->is_final;
}

/* ---- what it may ask for ---- */

void
gca_assistant_page_advance(GcaAssistantPage *self)
{
    gca_assistant_advance(assistant_of(self));
}

void
gca_assistant_page_fail(GcaAssistantPage *self, const GError *error)
{
    gca_error_view_show(gca_assistant_get_error_view(assistant_of(self)), error);
}

void
gca_assistant_page_warn(GcaAssistantPage *self, const char *sentence)
{
    gca_error_view_warn(gca_assistant_get_error_view(assistant_of(self)), sentence);
}

void
gca_assistant_page_run(GcaAssistantPage *self, const GcaWork *work, const char *sentence)
{
    gca_assistant_run(assistant_of(self), self, work, sentence);
}

/* ---- hooks ---- */

void
gca_assistant_page_enter(GcaAssistantPage *self)
{
    if (GCA_ASSISTANT_PAGE_GET_CLASS(self)->enter != NULL)
        GCA_ASSISTANT_PAGE_GET_CLASS(self)->enter(self);
}

void
gca_assistant_page_leave(GcaAssistantPage *self)
{
    if (GCA_ASSISTANT_PAGE_GET_CLASS(self)->leave != NULL)
        GCA_ASSISTANT_PAGE_GET_CLASS(self)->leave(self);
}

void
gca_assistant_page_apply(GcaAssistantPage *self)
{
    if (GCA_ASSISTANT_PAGE_GET_CLASS(self)->apply != NULL)
        GCA_ASSISTANT_PAGE_GET_CLASS(self)->apply(self);
    else
        gca_assistant_page_advance(self);
}
