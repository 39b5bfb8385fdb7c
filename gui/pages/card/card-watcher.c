#include "config.h"

#include "gui/pages/card/card-watcher.h"

#include "gui/task.h"

/* What a look or a wait needs, one of which at a time is at work. */
typedef struct {
    GcaCardWatch *watch;
    GcaPreregDraft *draft; /* of it only what never changes is looked at */
    GcaProfile *profile;
} Desk;

struct _GcaCardWatcher {
    GObject parent;
    gpointer owner; /* NULL once it is stopped */
    GcaCardWatcherFunc func;
    Desk *desk;
};

G_DEFINE_FINAL_TYPE(GcaCardWatcher, gca_card_watcher, G_TYPE_OBJECT)

static void
desk_clear(gpointer data)
{
    Desk *desk = data;

    gca_card_watch_free(desk->watch);
    gca_profile_unref(desk->profile);
    gca_prereg_draft_unref(desk->draft);
}

static void
desk_unref(gpointer desk)
{
    g_atomic_rc_box_release_full(desk, desk_clear);
}

static gpointer
look(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Desk *desk = data;
    return gca_card_watch_look(desk->watch, cancel) ? data : NULL;
}

static gpointer
await_change(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Desk *desk = data;

    gca_card_watch_wait(desk->watch, cancel);
    return NULL;
}

static void
begin(GcaCardWatcher *self, GcaWork work)
{
    work.data = g_atomic_rc_box_acquire(self->desk);
    work.free_data = desk_unref;
    gca_task_start(self, &work, NULL);
}

static void begin_look(GcaCardWatcher *self);

static void
on_waited(gpointer owner, gpointer result, const GError *error)
{
    begin_look(owner);
}

/* `func` may stop it. */
static void
on_looked(gpointer owner, gpointer result, const GError *error)
{
    GcaCardWatcher *self = owner;
    const GcaCardWatch *watch = self->desk->watch;
    const GcaWork work = {.lane = GCA_LANE_OTHER, .run = await_change, .done = on_waited};

    if (result != NULL)
        self->func(self->owner, gca_card_watch_get_seats(watch), gca_card_watch_get_error(watch));
    if (self->owner != NULL)
        begin(self, work);
}

static void
begin_look(GcaCardWatcher *self)
{
    const GcaWork work = {.lane = GCA_LANE_CARD, .run = look, .done = on_looked};

    begin(self, work);
}

static void
gca_card_watcher_finalize(GObject *object)
{
    desk_unref(GCA_CARD_WATCHER(object)->desk);
    G_OBJECT_CLASS(gca_card_watcher_parent_class)->finalize(object);
}

static void
gca_card_watcher_class_init(GcaCardWatcherClass *class)
{
    G_OBJECT_CLASS(class)->finalize = gca_card_watcher_finalize;
}

static void
gca_card_watcher_init(GcaCardWatcher *self)
{
    self->desk = g_atomic_rc_box_new0(Desk);
}

GcaCardWatcher *
gca_card_watcher_start(gpointer owner, GcaPreregDraft *draft, GcaCardWatcherFunc func)
{
    GcaCardWatcher *self = g_object_new(GCA_TYPE_CARD_WATCHER, NULL);

    self->owner = owner;
    self->func = func;
    self->desk->draft = gca_prereg_draft_ref(draft);
    self->desk->profile = gca_profile_ref(draft->profile);
    self->desk->watch = gca_card_watch_new(&draft->start, self->desk->profile);
    begin_look(self);
    return self;
}

/* What is at work for it is cancelled with it. */
void
gca_card_watcher_stop(GcaCardWatcher *self)
{
    self->owner = NULL;
    g_object_unref(self);
}
