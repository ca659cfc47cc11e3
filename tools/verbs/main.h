#pragma once

namespace hmm {

// The program: the arguments of main(), and its exit code.
int run_hmmcheck(int argc, char** argv);

}  // namespace hmm
