#pragma once
#include <functional>

#include "tools/runs/by_hand.h"
#include "tools/runs/stop.h"

// A run that somebody walks by hand in a browser: the page of a picture, with what can happen next.
namespace hmm {

// Serves it at 127.0.0.1 until it is asked to stop or told to quit. `port` 0 takes one that is
// free. `ready` is called with the port as soon as a browser can come. Throws InputError for a port
// that is taken, and for a scope that is too large to draw.
void serve(ByHand& walk, int port, const Stop& stop, const std::function<void(int port)>& ready);

}  // namespace hmm
