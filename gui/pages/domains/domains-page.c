#include "config.h"

#include "gui/field-error.h"
#include "gui/live-task.h"
#include "gui/pages.h"
#include "gui/pages/domains/name-check.h"

#include <glib/gi18n.h>

#define MIN_WRAP 150
#define BORDERS 30 /* of list and cells; and a scroll bar */

#define GCA_TYPE_DOMAINS_PAGE (gca_domains_page_get_type())
G_DECLARE_FINAL_TYPE(GcaDomainsPage, gca_domains_page, GCA, DOMAINS_PAGE, GcaAssistantPage)

struct _GcaDomainsPage {
    GcaAssistantPage parent;
    GtkTextView *text;
    GtkLabel *count;
    GcaFieldError *error;
    GtkWidget *results_place;
    GtkTreeView *results;
    GtkTreeViewColumn *states;
    GtkTreeViewColumn *column;
    GtkCellRenderer *cell;
    GtkListStore *store;
    GcaPreregDraft *draft;
    GcaProfile *profile; /* that the last check was made with, or NULL */
    GcaLiveTask *checks;
};

G_DEFINE_FINAL_TYPE(GcaDomainsPage, gca_domains_page, GCA_TYPE_ASSISTANT_PAGE)

static char *
dup_text(GcaDomainsPage *self)
{
    GtkTextBuffer *buffer = gtk_text_view_get_buffer(self->text);
    GtkTextIter start, end;

    gtk_text_buffer_get_bounds(buffer, &start, &end);
    return gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
}

/* ---- what came out ---- */

static void
show_count(GcaDomainsPage *self, gsize characters)
{
    guint limit = gca_profile_get_max_characters(self->profile);
    g_autofree char *text =
        limit > 0
            ? g_strdup_printf(_("%zu of at most %u characters"), characters, limit)
            : g_strdup_printf(ngettext("%zu character", "%zu characters", characters), characters);

    gtk_label_set_text(self->count, text);
}

static void
show_list(GcaDomainsPage *self, GPtrArray *names)
{
    static const struct {
        const char *icon, *word;
    } states[] = {
        [GCA_NAME_GOOD] = {"object-select-symbolic", N_("Good")},
        [GCA_NAME_TWICE] = {"dialog-warning-symbolic", N_("Given twice")},
        [GCA_NAME_WRONG] = {"dialog-error-symbolic", N_("Wrong")},
    };

    gtk_tree_view_set_model(self->results, NULL); /* quicker while it is filled */
    gtk_list_store_clear(self->store);
    for (guint i = 0; i < names->len; i++) {
        const GcaCheckedName *name = names->pdata[i];
        gtk_list_store_insert_with_values(self->store, NULL, -1, 0, states[name->state].icon, 1,
                                          _(states[name->state].word), 2, name->text, -1);
    }
    gtk_tree_view_set_model(self->results, GTK_TREE_MODEL(self->store));
    gtk_widget_set_visible(self->results_place, names->len > 0);
}

static const GcaCheckedName *
find_wrong(const GcaNameCheck *check)
{
    guint i = 0;

    while (((const GcaCheckedName *) check->names->pdata[i])->state != GCA_NAME_WRONG)
        i++;
    return check->names->pdata[i];
}

/* NULL where there is nothing to say. */
static char *
sum_up(const GcaNameCheck *check)
{
    if (check->n_wrong == 1)
        return g_strdup(find_wrong(check)->text);
    if (check->n_wrong > 0)
        return g_strdup_printf(ngettext("%u name cannot be used; the list says why.",
                                        "%u names cannot be used; the list says why.",
                                        check->n_wrong),
                               check->n_wrong);
    if (check->error != NULL)
        return g_strdup(check->error->message);
    if (check->n_twice > 0)
        return g_strdup_printf(ngettext("%u name is given twice; it is taken once.",
                                        "%u names are given twice; each is taken once.",
                                        check->n_twice),
                               check->n_twice);
    return NULL;
}

static void
show_summary(GcaDomainsPage *self, const GcaNameCheck *check)
{
    g_autofree char *text = sum_up(check);
    gboolean is_wrong = check->n_wrong > 0 || check->error != NULL;

    gca_field_error_show(self->error, is_wrong ? GCA_FIELD_WRONG : GCA_FIELD_NOTE, text);
}

/* ---- checking ---- */

typedef struct {
    char *text;
    GcaProfile *profile;
} Typed;

static void
typed_free(gpointer data)
{
    Typed *typed = data;

    g_free(typed->text);
    gca_profile_unref(typed->profile);
    g_free(typed);
}

static gpointer
check_in_thread(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Typed *typed = data;
    return gca_name_check_new(typed->text, typed->profile);
}

static void
on_checked(gpointer owner, gpointer result, const GError *error)
{
    GcaDomainsPage *self = owner;
    const GcaNameCheck *found = result;

    if (found == NULL)
        return;
    show_count(self, found->characters);
    show_list(self, found->names);
    show_summary(self, found);
    gca_assistant_page_set_complete(
        GCA_ASSISTANT_PAGE(self), found->n_good > 0 && found->n_wrong == 0 && found->error == NULL);
}

static gpointer
dup_typed(gpointer owner)
{
    GcaDomainsPage *self = owner;
    Typed *typed = g_new0(Typed, 1);

    typed->text = dup_text(self);
    typed->profile = gca_profile_ref(self->draft->profile);
    g_clear_pointer(&self->profile, gca_profile_unref);
    self->profile = gca_profile_ref(typed->profile);
    return typed;
}

static void
on_changed(GcaDomainsPage *self)
{
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), FALSE);
    gca_live_task_touch(self->checks);
}

/* A cell wraps at a width that it must be told. */
static void
on_allocated(GcaDomainsPage *self, const GdkRectangle *place)
{
    int taken = gtk_tree_view_column_get_width(self->states) + BORDERS;
    int width = MAX(place->width - taken, MIN_WRAP), before;

    g_object_get(self->cell, "wrap-width", &before, NULL);
    if (width == before)
        return;
    g_object_set(self->cell, "wrap-width", width, NULL);
    gtk_tree_view_column_queue_resize(self->column);
}

/* ---- hooks ---- */

/* Another account may have brought another profile. */
static void
gca_domains_page_enter(GcaAssistantPage *page)
{
    GcaDomainsPage *self = GCA_DOMAINS_PAGE(page);
    g_autofree char *shown = dup_text(self);

    if (self->draft->domains != NULL && !g_str_equal(shown, self->draft->domains))
        gtk_text_buffer_set_text(gtk_text_view_get_buffer(self->text), self->draft->domains, -1);
    if (self->profile == self->draft->profile)
        return;
    gca_assistant_page_set_complete(page, FALSE);
    gca_live_task_touch_now(self->checks);
}

static void
gca_domains_page_leave(GcaAssistantPage *page)
{
    GcaDomainsPage *self = GCA_DOMAINS_PAGE(page);
    g_autofree char *text = dup_text(self);

    gca_prereg_draft_set_domains(self->draft, text);
}

/* ---- its making ---- */

static void
gca_domains_page_dispose(GObject *object)
{
    GcaDomainsPage *self = GCA_DOMAINS_PAGE(object);

    g_clear_object(&self->checks);
    g_clear_pointer(&self->profile, gca_profile_unref);
    G_OBJECT_CLASS(gca_domains_page_parent_class)->dispose(object);
}

static void
gca_domains_page_finalize(GObject *object)
{
    gca_prereg_draft_unref(GCA_DOMAINS_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_domains_page_parent_class)->finalize(object);
}

static void
gca_domains_page_class_init(GcaDomainsPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_domains_page_dispose;
    G_OBJECT_CLASS(class)->finalize = gca_domains_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_domains_page_enter;
    GCA_ASSISTANT_PAGE_CLASS(class)->leave = gca_domains_page_leave;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/domains-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, text);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, count);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, error);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, results_place);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, results);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, states);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, column);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, cell);
    gtk_widget_class_bind_template_child(widget, GcaDomainsPage, store);
}

/* Pango would put hyphens where it breaks a name. */
static void
forbid_hyphens(GtkCellRenderer *cell)
{
    PangoAttrList *attributes = pango_attr_list_new();

    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    g_object_set(cell, "attributes", attributes, NULL);
    pango_attr_list_unref(attributes);
}

static void
gca_domains_page_init(GcaDomainsPage *self)
{
    static const GcaWork work = {.lane = GCA_LANE_OTHER,
                                 .run = check_in_thread,
                                 .done = on_checked,
                                 .free_data = typed_free,
                                 .free_result = (GDestroyNotify) gca_name_check_free};

    g_type_ensure(GCA_TYPE_FIELD_ERROR);
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_field_error_set_field(self->error, GTK_WIDGET(self->text));
    forbid_hyphens(self->cell);
    self->checks = gca_live_task_new(self, &work, dup_typed);
    g_signal_connect_object(gtk_text_view_get_buffer(self->text), "changed", G_CALLBACK(on_changed),
                            self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->results_place, "size-allocate", G_CALLBACK(on_allocated), self,
                            G_CONNECT_SWAPPED);
}

GcaAssistantPage *
gca_domains_page_new(GcaPreregDraft *draft)
{
    GcaDomainsPage *self = g_object_new(GCA_TYPE_DOMAINS_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
