// The program that decodes one film behind a fence; started by rf::media::watch, never by hand.

#include <unistd.h>

#include "media/decode/child.h"

int main() {
  // Straight out: nothing is left to do, and what runs at exit may want what the fence forbids.
  _exit(rf::media::decode_behind_fence());
}
