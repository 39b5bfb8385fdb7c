#include "config.h"

#include "localsign/pin-once.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>

struct _GcaPinOnce {
    GObject parent;
    GcaSecret *pin; /* until it is given */
};

static GcaSecret *
give(GcaInteraction *interaction, const GcaSecretPrompt *prompt, GcaCancel *cancel, GError **error)
{
    GcaPinOnce *self = GCA_PIN_ONCE(interaction);

    if (self->pin == NULL)
        gca_error_set(error, GCA_ERROR_CANCELLED, _("A PIN is used once only."));
    return g_steal_pointer(&self->pin);
}

static gboolean
refuse(GcaInteraction *interaction, const char *question, GcaCancel *cancel, GError **error)
{
    gca_error_set(error, GCA_ERROR_CANCELLED, "%s", question);
    return FALSE;
}

/* The card is named in the dialog that asked for consent: there is nobody here to tell. */
static void
be_silent(GcaInteraction *interaction, GcaNotice kind, const char *text)
{
}

static void
init_interaction(GcaInteractionInterface *iface)
{
    iface->ask_secret = give;
    iface->confirm = refuse;
    iface->notice = be_silent;
}

G_DEFINE_TYPE_WITH_CODE(GcaPinOnce, gca_pin_once, G_TYPE_OBJECT,
                        G_IMPLEMENT_INTERFACE(GCA_TYPE_INTERACTION, init_interaction))

static void
finalize(GObject *object)
{
    g_clear_pointer(&GCA_PIN_ONCE(object)->pin, gca_secret_unref);
    G_OBJECT_CLASS(gca_pin_once_parent_class)->finalize(object);
}

static void
gca_pin_once_class_init(GcaPinOnceClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
gca_pin_once_init(GcaPinOnce *self)
{
}

GcaPinOnce *
gca_pin_once_new(GcaSecret *pin)
{
    GcaPinOnce *self = g_object_new(GCA_TYPE_PIN_ONCE, NULL);

    self->pin = pin ? gca_secret_ref(pin) : NULL;
    return self;
}
