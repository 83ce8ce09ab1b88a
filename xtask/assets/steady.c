/* The child that every supervisor of the bench runs: does nothing, and wakes for nothing.
 *
 * Started as `steady agent --home HOME` with a nonce, it first says that it is healthy, as
 * Tentacle does, so that Suction Cup watches it no longer. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    /* Some supervisors would leave it behind. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char *nonce = getenv("TENTACLE_RUN_NONCE");
    if (argc == 4 && nonce != NULL && chdir(argv[3]) == 0) {
        for (;;) {
            FILE *marker = fopen("run/healthy.new", "w");
            int written = marker != NULL && fprintf(marker, "%s\n", nonce) > 0;
            if (marker != NULL && fclose(marker) == 0 && written
                && rename("run/healthy.new", "run/healthy") == 0)
                break;
            /* A disk that is full for a moment. */
            usleep(50000);
        }
    }
    for (;;)
        pause();
}
