#pragma once

namespace hmm {

// Who begins a step, and begins it again until there is no more need: a CPU whose access faults, a
// device's, a driver that empties a frame of its memory; whoever plugs memory in or takes it out, a
// driver that wants its memory to be there or gone, or begins or ends to mirror an address space. A
// step without one is begun by whoever wants to.
enum class Retrier {
  cpu,
  device,
  eviction,
  hotplug,
  hotunplug,
  memremap,
  memunmap,
  subscribe,
  unsubscribe
};

}  // namespace hmm
