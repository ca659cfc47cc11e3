#pragma once
#include "tests/tools/binary.h"

namespace hmm {

// The first trace of a recording, of which a device's first read came back with a 9.
inline std::string differing_recording(const Folder& folder) {
  const std::string file = folder / "linux-6.12.txt";
  shell("sed '/^end$/q; s/faults=1 0$/faults=1 9/' traces/recordings/linux-6.12.txt >" + file);
  return file;
}

}  // namespace hmm
