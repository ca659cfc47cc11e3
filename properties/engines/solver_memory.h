#pragma once

namespace hmm {

// Where the process has few addresses (`ulimit -v`), the solver gives up in time: once it has asked
// for more than there are, it may not survive.
void limit_solver_memory();

// Throws std::bad_alloc where it would not even get going.
void require_solver_memory();

}  // namespace hmm
