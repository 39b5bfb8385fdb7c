"""A desktop session of a test file's own: an X server, a session bus and the accessibility bus, gone with it."""
import os
import shutil
import subprocess
import sys
import tempfile

SCREEN = "1024x4000x24"  # high enough for any page to be seen whole
MARK = "GCA_GUI_SESSION"


def start_x():
    """Its process and display. The number is this process's: what -displayfd would choose by itself may be in use in
    another network namespace, and that server would lose its socket."""
    for number in range(100 + os.getpid() % 59000, 59200, 59):
        reader, writer = os.pipe()
        server = subprocess.Popen(["Xvfb", f":{number}", "-displayfd", str(writer), "-screen", "0", SCREEN,
                                   "-nolisten", "tcp", "-noreset"], pass_fds=[writer],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as file:
            if file.readline().strip():
                return server, f":{number}"
        server.wait()
    raise RuntimeError("Xvfb does not start")


def environment(display, runtime):
    """Nothing of this user's desktop; a theme and settings that are the same everywhere."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("DBUS_", "XDG_", "GTK_", "GDK_", "LC_", "AT_SPI"))}
    return {**kept, "DISPLAY": display, "XDG_RUNTIME_DIR": runtime, "HOME": runtime, "LC_ALL": "C.UTF-8",
            "GTK_A11Y": "atspi", "NO_AT_BRIDGE": "0", "GDK_BACKEND": "x11", "GSETTINGS_BACKEND": "memory",
            MARK: "1"}


def enter():
    """Runs this program again within a session; returns where it already is in one."""
    if MARK in os.environ:
        return
    runtime = tempfile.mkdtemp(prefix="gca-desk-")
    server, display = start_x()
    try:
        command = ["dbus-run-session", "--", sys.executable, *sys.argv]
        done = subprocess.run(command, env=environment(display, runtime), check=False)
    finally:
        if server.poll() is not None:
            print(f"Xvfb ended before its time: {server.returncode}", file=sys.stderr)
        server.terminate()
        server.wait()
        shutil.rmtree(runtime, ignore_errors=True)
    sys.exit(done.returncode if done.returncode >= 0 else 128 - done.returncode)
