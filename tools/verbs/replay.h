#pragma once
#include "tools/verbs/common.h"

namespace hmm {

void add_replay(CLI::App& app, int& exit_code);
void add_shrink(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);

}  // namespace hmm
