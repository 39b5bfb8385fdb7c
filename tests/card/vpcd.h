#pragma once

#include <glib.h>

/* The protocol of vsmartcard's virtual reader: frames with a length of two
 * bytes over TCP; a frame of one byte is a control code. */
#define VPCD_POWER_OFF 0
#define VPCD_POWER_ON 1
#define VPCD_RESET 2
#define VPCD_GET_ATR 4

/* One attempt to reach 127.0.0.1:port; -1 if nobody listens. */
int vpcd_connect(guint16 port);

/* FALSE: the reader has gone. */
gboolean vpcd_receive(int socket, GByteArray *frame);
gboolean vpcd_send(int socket, const GByteArray *frame);
