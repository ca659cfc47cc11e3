// hmmcheck: an executable model of Linux HMM. The program itself is a library, for the tests.
#include "tools/verbs/main.h"

int main(int argc, char** argv) { return hmm::run_hmmcheck(argc, argv); }
