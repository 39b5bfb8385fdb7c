#include "config.h"

#include "flow/application-batch.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/staging.h"
#include "base/text.h"
#include "csr/key.h"
#include "csr/table.h"
#include "flow/overview.h"
#include "profile/domain.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define TABLE_LIMIT (16 * 1024 * 1024)
#define LOOK_EACH (100 * G_TIME_SPAN_MILLISECOND)

/* A row with what is worked out of it. */
typedef struct {
    GcaRow row;
    GcaApplication *application; /* until it is made */
} Job;

typedef struct {
    const GcaBatchWish *wish;
    GPtrArray *jobs; /* Job *, those to be made */
    gint next;
    GAsyncQueue *finished; /* Job * */
    GcaCancel *cancel;
} Work;

static void
job_free(gpointer data)
{
    Job *job = data;

    g_free(job->row.cn);
    g_free(job->row.folder);
    g_free(job->row.spki_sha256);
    g_strfreev(job->row.warnings);
    g_clear_error(&job->row.error);
    g_clear_pointer(&job->application, gca_application_free);
    g_free(job);
}

const char *
gca_row_state_to_nick(GcaRowState state)
{
    static const char *const nicks[] = {"made", "skipped", "failed", "left"};
    return nicks[state];
}

/* ---- the table ---- */

/* the first is needed */
typedef enum { CN, OID, SANS, ORGANIZATION, LOCALITY, SUBJECT, N_COLUMNS } Column;

static const char *const column_names[N_COLUMNS + 1] = {
    [CN] = "cn",
    [OID] = "oid",
    [SANS] = "sans",
    [ORGANIZATION] = "organization",
    [LOCALITY] = "locality",
    [SUBJECT] = "subject",
};

static const char *
get(const GcaTable *table, guint row, int column, const char *otherwise)
{
    const char *value = gca_table_get(table, row, column);
    return *value != '\0' ? value : otherwise;
}

static Job *
read_row(const GcaTable *table, guint row, const int *columns, const GcaBatchWish *wish,
         GcaProfile *profile, const GcaRegister *agencies)
{
    Job *job = g_new0(Job, 1);
    g_auto(GStrv) names = gca_domains_split(gca_table_get(table, row, columns[SANS]));
    const GcaApplicationWish *defaults = &wish->defaults;
    GcaApplicationWish application = {
        .cn = gca_table_get(table, row, columns[CN]),
        .names = (const char *const *) names,
        .oid = get(table, row, columns[OID], defaults->oid),
        .holder = defaults->holder,
        .organization = get(table, row, columns[ORGANIZATION], defaults->organization),
        .locality = get(table, row, columns[LOCALITY], defaults->locality),
        .subject = get(table, row, columns[SUBJECT], defaults->subject),
    };

    job->row.line = gca_table_get_line(table, row);
    job->row.cn = g_strdup(application.cn);
    job->row.state = GCA_ROW_LEFT;
    if (gca_table_check_row(table, row, &job->row.error))
        job->application = gca_application_new(&application, profile, agencies, &job->row.error);
    if (job->application == NULL)
        job->row.state = GCA_ROW_FAILED;
    else
        job->row.warnings = g_strdupv((char **) gca_application_get_warnings(job->application));
    return job;
}

/* ---- what is there already ---- */

static char *
identify(const char *const *names, const GcaName *subject)
{
    g_autofree char *joined = g_strjoinv(",", (char **) names);
    g_autofree char *dn = gca_name_to_string(subject);
    return g_strconcat(joined, "\n", dn, NULL);
}

/* Identity -> path of the folder, for those that are waited for or still good. */
static GHashTable *
list_existing(const char *parent, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GPtrArray) overviews = gca_overview_list(parent, now, NULL, error);
    if (overviews == NULL)
        return NULL;
    GHashTable *existing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < overviews->len; i++) {
        const GcaOverview *overview = g_ptr_array_index(overviews, i);
        if (overview->state == GCA_OVERVIEW_DUE || overview->state == GCA_OVERVIEW_EXPIRED)
            continue;
        g_hash_table_insert(existing,
                            identify(gca_request_folder_get_names(overview->folder),
                                     gca_request_folder_get_subject(overview->folder)),
                            g_strdup(gca_request_folder_get_path(overview->folder)));
    }
    return existing;
}

/* Skips a row whose request is there, or stands further up in the table. */
static void
skip_existing(Job *job, GHashTable *existing)
{
    if (job->application == NULL)
        return;
    g_autofree char *identity = identify(gca_application_get_names(job->application),
                                         gca_application_get_subject(job->application));
    if (g_hash_table_contains(existing, identity)) {
        job->row.state = GCA_ROW_SKIPPED;
        job->row.folder = g_strdup(g_hash_table_lookup(existing, identity));
        g_clear_pointer(&job->application, gca_application_free);
    } else {
        g_hash_table_insert(existing, g_steal_pointer(&identity), NULL);
    }
}

static GPtrArray *
plan(const GcaBatchWish *wish, GcaProfile *profile, const GcaRegister *agencies, GError **error)
{
    g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func(job_free);
    g_autoptr(GBytes) bytes = gca_file_read(wish->path, TABLE_LIMIT, error);
    int columns[N_COLUMNS];

    g_autoptr(GcaTable) table = bytes ? gca_table_parse(bytes, wish->path, error) : NULL;
    if (table == NULL || !gca_table_find_columns(table, column_names, 1, columns, error))
        return NULL;
    g_autoptr(GHashTable) existing = list_existing(wish->folder, error);
    if (existing == NULL)
        return NULL;
    for (guint i = 0; i < gca_table_get_length(table); i++) {
        Job *job = read_row(table, i, columns, wish, profile, agencies);
        skip_existing(job, existing);
        g_ptr_array_add(jobs, job);
    }
    return g_steal_pointer(&jobs);
}

/* ---- the work ---- */

static void
make(const GcaBatchWish *wish, Job *job)
{
    g_autoptr(GcaRequestFolder) folder =
        gca_application_make(job->application, &wish->key, wish->folder, &job->row.error);

    job->row.state = folder != NULL ? GCA_ROW_MADE : GCA_ROW_FAILED;
    if (folder != NULL) {
        job->row.folder = g_strdup(gca_request_folder_get_path(folder));
        job->row.spki_sha256 = g_strdup(gca_request_folder_get_spki_sha256(folder));
    }
}

static gpointer
run_worker(gpointer data)
{
    Work *work = data;
    guint index;

    while (!gca_cancel_is_requested(work->cancel) &&
           (index = (guint) g_atomic_int_add(&work->next, 1)) < work->jobs->len) {
        Job *job = g_ptr_array_index(work->jobs, index);
        make(work->wish, job);
        g_async_queue_push(work->finished, job);
    }
    return NULL;
}

static void
tell(GcaInteraction *interaction, const Job *job, guint done, guint total)
{
    g_autofree char *failed =
        job->row.state == GCA_ROW_FAILED ? g_strdup_printf(_("%s NOT MADE"), job->row.cn) : NULL;
    gca_interaction_progress(interaction, done, total, failed ? failed : job->row.cn);
}

static void
watch(Work *work, GcaInteraction *interaction)
{
    guint total = work->jobs->len;

    for (guint done = 0; done < total && !gca_cancel_is_requested(work->cancel);) {
        const Job *job = g_async_queue_timeout_pop(work->finished, LOOK_EACH);
        if (job != NULL)
            tell(interaction, job, ++done, total);
    }
}

/* One thread more than there are cores: while one waits for the disk another makes a key. A key
 * that exists already may lie behind a PKCS#11 module, which one thread owns. */
static guint
count_workers(const Work *work)
{
    guint wanted = work->wish->key.key != NULL ? 1 : g_get_num_processors() + 1;
    return MIN(wanted, work->jobs->len);
}

static void
run(Work *work, GcaInteraction *interaction)
{
    guint n = count_workers(work);
    g_autofree GThread **threads = g_new0(GThread *, n);

    for (guint i = 0; i < n; i++)
        threads[i] = g_thread_new("gca-batch", run_worker, work);
    watch(work, interaction);
    for (guint i = 0; i < n; i++)
        g_thread_join(threads[i]);
}

static void
log_times(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    gca_log("batch", "%.3f s of CPU time, %.3f s of them in key generation",
            (double) used.tv_sec + (double) used.tv_nsec / 1e9,
            (double) gca_key_get_generation_time() / G_USEC_PER_SEC);
}

/* Two batches in one folder would make some requests twice. The lock ends with the process. */
static int
lock_folder(const char *folder, GError **error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    g_autofree char *shown = gca_text_escape(folder);
    if (fd >= 0 && errno == EWOULDBLOCK)
        gca_error_set(error, GCA_ERROR_BUSY, _("Another batch is at work in the folder “%s”."),
                      shown);
    else
        gca_error_set(error, GCA_ERROR_FILE, _("The folder “%s” cannot be opened: %s."), shown,
                      g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static GPtrArray *
run_locked(const GcaBatchWish *wish, GcaProfile *profile, const GcaRegister *agencies,
           GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GPtrArray) jobs = plan(wish, profile, agencies, error);
    if (jobs == NULL)
        return NULL;

    gca_staging_sweep(wish->folder);
    g_autoptr(GPtrArray) pending = g_ptr_array_new();
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = g_ptr_array_index(jobs, i);
        if (job->row.state == GCA_ROW_LEFT)
            g_ptr_array_add(pending, job);
    }
    g_autoptr(GAsyncQueue) finished = g_async_queue_new();
    Work work = {.wish = wish, .jobs = pending, .finished = finished, .cancel = cancel};
    run(&work, interaction);
    log_times();
    return g_steal_pointer(&jobs);
}

GPtrArray *
gca_batch_run(const GcaBatchWish *wish, GcaProfile *profile, const GcaRegister *agencies,
              GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    if (!gca_file_make_folder(wish->folder, error))
        return NULL;
    int lock = lock_folder(wish->folder, error);
    if (lock < 0)
        return NULL;
    GPtrArray *rows = run_locked(wish, profile, agencies, interaction, cancel, error);
    close(lock);
    return rows;
}

GBytes *
gca_batch_summarize(GPtrArray *rows)
{
    GString *out = g_string_new(NULL);

    gca_table_append(out, (const char *const[]){"line", "cn", "state", "folder", "spki_sha256",
                                                "message", NULL});
    for (guint i = 0; i < rows->len; i++) {
        const GcaRow *row = g_ptr_array_index(rows, i);
        g_autofree char *line = g_strdup_printf("%u", row->line);
        g_autoptr(GString) warnings = g_string_new(NULL);
        for (guint j = 0; row->warnings != NULL && row->warnings[j] != NULL; j++)
            gca_text_add_sentence(warnings, row->warnings[j]);
        gca_table_append(
            out, (const char *const[]){line, row->cn, gca_row_state_to_nick(row->state),
                                       row->folder ? row->folder : "",
                                       row->spki_sha256 ? row->spki_sha256 : "",
                                       row->error ? row->error->message : warnings->str, NULL});
    }
    return g_string_free_to_bytes(out);
}
