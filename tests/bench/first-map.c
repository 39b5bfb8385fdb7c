/* first-map COMMAND…: prints the milliseconds until the command's first window is mapped, and the
 * KiB of memory that are its own (RssAnon) half a second later; then ends it. */
#include <X11/Xlib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SETTLE_US 500000

static double
now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static long
read_own_memory(pid_t pid)
{
    char path[64], line[256];
    long kib = -1;

    snprintf(path, sizeof path, "/proc/%d/status", (int) pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        sscanf(line, "RssAnon: %ld", &kib);
    if (file != NULL)
        fclose(file);
    return kib;
}

int
main(int argc, char **argv)
{
    Display *display = XOpenDisplay(NULL);
    XEvent event;

    if (argc < 2 || display == NULL)
        return 2;
    XSelectInput(display, DefaultRootWindow(display), SubstructureNotifyMask);
    XSync(display, False);
    double begun = now_ms();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    do { /* GTK maps small windows of its own before, outside the screen */
        XNextEvent(display, &event);
    } while (event.type != MapNotify || event.xmap.override_redirect);
    double mapped = now_ms();
    usleep(SETTLE_US);
    printf("%.1f %ld\n", mapped - begun, read_own_memory(pid));
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    return 0;
}
