#include "config.h"

#include "flow/card-watch.h"

#include "base/error.h"
#include "flow/found-card-private.h"

#define AGAIN_MS 1000 /* where there is nothing to wait on */

/* A seat, and what the service said of its reader when it was looked at. Freed as a seat. */
typedef struct {
    GcaSeat seat;
    guint events;
    gboolean had_card;
    gboolean was_mute;
    gboolean was_in_use;
    gboolean is_passing; /* what was found may end without an event: to be looked at again */
} Place;

struct _GcaCardWatch {
    const GcaCardChoice *choice;
    const GcaProfile *profile;
    GcaPcsc *pcsc;     /* NULL while there is no service */
    GPtrArray *places; /* Place *, as last looked at */
    GError *error;     /* why there are none; or NULL */
    char *told;        /* what was told last, in a form to compare; NULL: nothing yet */
};

void
gca_seat_free(GcaSeat *seat)
{
    g_free(seat->reader);
    g_free(seat->number);
    g_free(seat->label);
    g_clear_pointer(&seat->holder, gca_holder_unref);
    g_clear_error(&seat->trouble);
    g_free(seat->renewal_note);
    g_clear_error(&seat->refusal);
    g_free(seat);
}

GcaSeat *
gca_seat_dup(const GcaSeat *seat)
{
    GcaSeat *copy = g_new0(GcaSeat, 1);

    copy->reader = g_strdup(seat->reader);
    copy->has_card = seat->has_card;
    copy->number = g_strdup(seat->number);
    copy->label = g_strdup(seat->label);
    copy->holder = seat->holder ? gca_holder_ref(seat->holder) : NULL;
    copy->trouble = seat->trouble ? g_error_copy(seat->trouble) : NULL;
    copy->renewal_note = g_strdup(seat->renewal_note);
    copy->refusal = seat->refusal ? g_error_copy(seat->refusal) : NULL;
    return copy;
}

void
gca_seat_choose(const GcaSeat *seat, GcaCardChoice *choice)
{
    g_free(choice->serial);
    g_free(choice->reader);
    choice->serial = g_strdup(seat->number);
    choice->reader = seat->number ? NULL : g_strdup(seat->reader);
}

/* ---- looking ---- */

static GPtrArray *
places_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) gca_seat_free);
}

static void
show(const GcaCardWatch *watch, const GcaFoundCard *card, GcaSeat *seat)
{
    seat->number = g_strdup(card->number);
    seat->holder = gca_holder_ref(card->holder);
    seat->renewal_note = gca_found_card_dup_renewal_note(card, watch->profile);
    gca_found_card_check_signing(card, watch->profile, &seat->refusal);
}

static void
read_card(const GcaCardWatch *watch, Place *place, GcaCancel *cancel)
{
    GcaSeat *seat = &place->seat;
    g_autoptr(GcaFoundCard) card =
        gca_found_card_new_in_reader(watch->choice, seat->reader, place->events);

    seat->has_card = TRUE;
    if (gca_found_card_look_into(card, watch->pcsc, GCA_OTHERS_NONE, cancel, &seat->trouble)) {
        show(watch, card, seat);
        return;
    }
    seat->has_card = !gca_found_card_is_gone(seat->trouble);
    place->is_passing =
        !seat->has_card || g_error_matches(seat->trouble, GCA_ERROR, GCA_ERROR_BUSY);
    if (!seat->has_card)
        g_clear_error(&seat->trouble);
}

static Place *
look_into_reader(const GcaCardWatch *watch, const GcaReader *reader, GcaCancel *cancel)
{
    Place *place = g_new0(Place, 1);

    place->seat.reader = g_strdup(reader->name);
    place->events = reader->events;
    place->had_card = reader->has_card;
    place->was_mute = reader->is_mute;
    place->was_in_use = reader->is_in_use;
    if (reader->has_card)
        read_card(watch, place, cancel);
    return place;
}

/* A card that could be read stays what it is, whoever uses it meanwhile. */
static gboolean
is_as_before(const Place *place, const GcaReader *reader)
{
    return g_strcmp0(place->seat.reader, reader->name) == 0 && place->events == reader->events &&
           place->had_card == reader->has_card && !place->is_passing &&
           (place->seat.trouble == NULL ||
            (place->was_mute == reader->is_mute && place->was_in_use == reader->is_in_use));
}

/* Taken from the last look; NULL where there is something new to look at. */
static Place *
take_known(GcaCardWatch *watch, const GcaReader *reader)
{
    for (guint i = 0; i < watch->places->len; i++) {
        if (is_as_before(g_ptr_array_index(watch->places, i), reader))
            return g_ptr_array_steal_index(watch->places, i);
    }
    return NULL;
}

static Place *
place_of_token(const GcaCardWatch *watch, const GcaFoundCard *card)
{
    Place *place = g_new0(Place, 1);

    place->seat.has_card = TRUE;
    place->seat.label = g_strdup(gca_token_get_label(card->token));
    show(watch, card, &place->seat);
    return place;
}

/* As gca_found_card_open goes on where no reader has a card. */
static Place *
look_into_module(GcaCardWatch *watch)
{
    g_autoptr(GError) trouble = NULL;

    for (guint i = 0; i < watch->places->len; i++) {
        const Place *known = g_ptr_array_index(watch->places, i);
        if (known->seat.reader == NULL && known->seat.trouble == NULL)
            return g_ptr_array_steal_index(watch->places, i);
    }
    g_autoptr(GcaFoundCard) card =
        gca_found_card_find_without_reader(watch->choice, GCA_OTHERS_NONE, &trouble);
    if (card != NULL)
        return place_of_token(watch, card);
    if (trouble == NULL)
        return NULL;
    Place *place = g_new0(Place, 1);
    place->seat.has_card = TRUE;
    place->seat.trouble = g_steal_pointer(&trouble);
    return place;
}

/* NULL without a service; none with NO_READER too. */
static GPtrArray *
list_readers(GcaCardWatch *watch, GError **error)
{
    if (watch->pcsc == NULL)
        watch->pcsc = gca_pcsc_new(error);
    GPtrArray *readers = watch->pcsc ? gca_pcsc_list(watch->pcsc, error) : NULL;

    if (readers == NULL)
        g_clear_pointer(&watch->pcsc, gca_pcsc_free);
    else if (readers->len == 0)
        gca_found_card_set_no_reader(error);
    return readers;
}

static GPtrArray *
look_everywhere(GcaCardWatch *watch, GcaCancel *cancel, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) readers = list_readers(watch, &trouble);
    GPtrArray *places = places_new();
    gboolean has_card = FALSE;

    for (guint i = 0; readers != NULL && i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        Place *known = take_known(watch, reader);
        g_ptr_array_add(places, known ? known : look_into_reader(watch, reader, cancel));
        has_card |= reader->has_card;
    }
    Place *token = has_card ? NULL : look_into_module(watch);
    if (token != NULL)
        g_ptr_array_add(places, token);
    if (places->len == 0)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return places;
}

/* Found once, it is the one: nothing tells of its end. */
static GPtrArray *
look_for_token(GcaCardWatch *watch, GError **error)
{
    GPtrArray *places = places_new();
    g_autoptr(GcaFoundCard) card = gca_found_card_new(watch->choice);

    if (gca_found_card_read_token(card, GCA_OTHERS_NONE, error))
        g_ptr_array_add(places, place_of_token(watch, card));
    return places;
}

/* ---- what is new ---- */

static char *
describe(GPtrArray *places, const GError *error)
{
    GString *text = g_string_new(error ? error->message : NULL);

    for (guint i = 0; i < places->len; i++) {
        const Place *place = g_ptr_array_index(places, i);
        const GcaSeat *seat = &place->seat;
        g_string_append_printf(text, "\n%s %u %d %s %s", seat->reader ? seat->reader : "",
                               place->events, seat->has_card, seat->number ? seat->number : "",
                               seat->trouble ? seat->trouble->message : "");
    }
    return g_string_free(text, FALSE);
}

gboolean
gca_card_watch_look(GcaCardWatch *watch, GcaCancel *cancel)
{
    GError *error = NULL;
    GPtrArray *places = watch->choice->token ? look_for_token(watch, &error)
                                             : look_everywhere(watch, cancel, &error);

    g_ptr_array_unref(watch->places);
    watch->places = places;
    g_clear_error(&watch->error);
    watch->error = error;
    g_autofree char *now = describe(places, error);
    if (g_strcmp0(now, watch->told) == 0 || gca_cancel_is_requested(cancel))
        return FALSE;
    g_free(watch->told);
    watch->told = g_steal_pointer(&now);
    return TRUE;
}

GPtrArray *
gca_card_watch_get_seats(const GcaCardWatch *watch)
{
    return watch->places;
}

const GError *
gca_card_watch_get_error(const GcaCardWatch *watch)
{
    return watch->error;
}

/* ---- waiting ---- */

static void
rest(GcaCancel *cancel, int ms)
{
    GPollFD fd = {.fd = gca_cancel_get_fd(cancel), .events = G_IO_IN};

    g_poll(&fd, 1, ms);
}

static gboolean
has_passing(GPtrArray *places)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = g_ptr_array_index(places, i);
        if (place->is_passing)
            return TRUE;
    }
    return FALSE;
}

void
gca_card_watch_wait(GcaCardWatch *watch, GcaCancel *cancel)
{
    g_autoptr(GError) trouble = NULL;

    if (watch->choice->token != NULL) {
        rest(cancel, watch->places->len > 0 ? -1 : AGAIN_MS);
        return;
    }
    if (watch->pcsc != NULL)
        gca_pcsc_wait(watch->pcsc, has_passing(watch->places) ? AGAIN_MS : -1, cancel, &trouble);
    if (watch->pcsc == NULL || trouble != NULL)
        rest(cancel, AGAIN_MS);
}

/* ---- its life ---- */

GcaCardWatch *
gca_card_watch_new(const GcaCardChoice *choice, const GcaProfile *profile)
{
    GcaCardWatch *watch = g_new0(GcaCardWatch, 1);

    watch->choice = choice;
    watch->profile = profile;
    watch->places = places_new();
    return watch;
}

void
gca_card_watch_free(GcaCardWatch *watch)
{
    g_clear_pointer(&watch->pcsc, gca_pcsc_free);
    g_ptr_array_unref(watch->places);
    g_clear_error(&watch->error);
    g_free(watch->told);
    g_free(watch);
}
