#pragma once

namespace hmm {

// Who begins a step, and begins it again until there is no more need: a CPU whose access faults, a
// device's, or a driver that empties its memory. A step without one is begun by whoever wants to.
enum class Retrier { cpu, device, eviction };

}  // namespace hmm
