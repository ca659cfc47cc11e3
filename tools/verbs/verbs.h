#pragma once

namespace CLI {
class App;
}

namespace hmm {

// Each adds its verb to the program and, if the verb is the one that was asked for, runs it and
// sets the exit code.
void add_check(CLI::App& app, int& exit_code);
void add_completion(CLI::App& app, int& exit_code);
void add_config(CLI::App& app, int& exit_code);
void add_conform(CLI::App& app, int& exit_code);
void add_diff(CLI::App& app, int& exit_code);
void add_explore(CLI::App& app, int& exit_code);
void add_help(CLI::App& app, int& exit_code);
void add_kernel(CLI::App& app, int& exit_code);
void add_kernel_validate(CLI::App& kernel, int& exit_code);  // below it
void add_list(CLI::App& app, int& exit_code);
void add_liveness(CLI::App& app, int& exit_code);
void add_museum(CLI::App& app, int& exit_code);
void add_patches(CLI::App& app, int& exit_code);
void add_prove(CLI::App& app, int& exit_code);
void add_random(CLI::App& app, int& exit_code);
void add_replay(CLI::App& app, int& exit_code);
void add_shrink(CLI::App& app, int& exit_code);
void add_step(CLI::App& app, int& exit_code);
void add_swap(CLI::App& app, int& exit_code);
void add_teeth(CLI::App& app, int& exit_code);
void add_where(CLI::App& app, int& exit_code);

// In the order in which `hmmcheck --help` lists them.
inline constexpr void (*kVerbs[])(CLI::App&, int&) = {
    add_check,  add_random,  add_explore, add_liveness, add_prove,  add_replay,     add_step,
    add_shrink, add_conform, add_diff,    add_patches,  add_museum, add_teeth,      add_kernel,
    add_swap,   add_where,   add_config,  add_list,     add_help,   add_completion,
};

}  // namespace hmm
