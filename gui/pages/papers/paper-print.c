#include "config.h"

#include "gui/pages/papers/paper-print.h"

#include "base/error.h"

#include <glib/gi18n.h>

typedef void (*Done)(gpointer owner, const GError *error);

typedef struct {
    GtkWidget *owner; /* weak: NULL once it is gone */
    GcaPage *page;
    Done done;
    GError *trouble; /* the page cannot be drawn; or NULL */
} Job;

static void
job_free(gpointer data)
{
    Job *job = data;

    g_clear_weak_pointer(&job->owner);
    gca_page_free(job->page);
    g_clear_error(&job->trouble);
    g_free(job);
}

static void
on_draw_page(GtkPrintOperation *operation, GtkPrintContext *context, int number, Job *job)
{
    cairo_t *cairo = gtk_print_context_get_cairo_context(context);

    if (!gca_page_draw(job->page, cairo, &job->trouble))
        gtk_print_operation_cancel(operation);
}

static void
tell_failure(Job *job, const char *why)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, GCA_ERROR_FILE, _("It could not be printed: %s"), why);
    gca_error_set_hint(&error, _("See to the printer and try again, or save it and print the PDF "
                                 "file from elsewhere."));
    job->done(job->owner, error);
}

static void
on_done(GtkPrintOperation *operation, GtkPrintOperationResult result, Job *job)
{
    g_autoptr(GError) trouble = NULL;

    if (job->owner == NULL)
        return;
    if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
        gtk_print_operation_get_error(operation, &trouble);
    if (job->trouble != NULL)
        job->done(job->owner, job->trouble);
    else if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
        tell_failure(job, trouble ? trouble->message : "");
    else
        job->done(job->owner, NULL);
}

/* The page has its own margins. */
static GtkPageSetup *
make_setup(void)
{
    GtkPageSetup *setup = gtk_page_setup_new();
    g_autoptr(GtkPaperSize) a4 = gtk_paper_size_new(GTK_PAPER_NAME_A4);

    gtk_page_setup_set_paper_size_and_default_margins(setup, a4);
    return setup;
}

void
gca_paper_print(GtkWidget *owner, GcaPage *page, const char *title, Done done)
{
    g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new();
    g_autoptr(GtkPageSetup) setup = make_setup();
    Job *job = g_new0(Job, 1);

    g_set_weak_pointer(&job->owner, owner);
    job->page = page;
    job->done = done;
    g_object_set_data_full(G_OBJECT(operation), "gca-job", job, job_free);
    gtk_print_operation_set_default_page_setup(operation, setup);
    gtk_print_operation_set_use_full_page(operation, TRUE);
    gtk_print_operation_set_unit(operation, GTK_UNIT_POINTS);
    gtk_print_operation_set_n_pages(operation, 1);
    gtk_print_operation_set_job_name(operation, title);
    gtk_print_operation_set_allow_async(operation, TRUE);
    g_signal_connect(operation, "draw-page", G_CALLBACK(on_draw_page), job);
    g_signal_connect(operation, "done", G_CALLBACK(on_done), job);
    gtk_print_operation_run(operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                            GTK_WINDOW(gtk_widget_get_toplevel(owner)), NULL);
}
