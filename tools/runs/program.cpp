#include "tools/runs/program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace hmm {

int run_tool(const std::string& tool, const std::vector<std::string>& arguments) {
  namespace fs = std::filesystem;
  fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
  std::error_code none;
  while (folder.has_relative_path() && !fs::exists(folder / tool, none))
    folder = folder.parent_path();
  std::vector<std::string> words{(folder / tool).string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(2, 1);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 127;
  return WEXITSTATUS(status);
}

}  // namespace hmm
