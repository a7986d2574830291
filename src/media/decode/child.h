// The decoder's process: takes the order, builds its fence, decodes into the ring, says how it
// went.

#pragma once

namespace rf::media {

// The exit status of the process. What went wrong is told over the socket; a status other than 0
// means that not even that was possible.
int decode_behind_fence();

}  // namespace rf::media
