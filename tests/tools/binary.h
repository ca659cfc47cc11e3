#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// hmmcheck as a shell runs it.
namespace hmm {

struct Ran {
  int code = -1;
  std::string out;  // standard output and error, unless the arguments say otherwise
};

// Shell text, in which $H is the program.
inline Ran shell(const std::string& text) {
  Ran ran;
  std::FILE* const pipe = popen(("exec 2>&1; H=" HMM_HMMCHECK "; " + text).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe))
    ran.out.append(some.data(), n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

inline Ran run(const std::string& arguments) { return shell("$H " + arguments); }

// It says in one line what it expected: no usage text, and no verdict or table before it.
inline void refuses(const std::string& arguments, const std::string& message) {
  CAPTURE(arguments);
  const Ran ran = run(arguments);
  CHECK(ran.code == 2);
  CHECK(ran.out.rfind("hmmcheck: ", 0) == 0);
  CHECK_THAT(ran.out, Catch::Contains(message));
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 1);
}

// A folder that is gone with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hmmcheck-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this / name;
  }
  std::string text(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(path_ / name, std::ios::binary).rdbuf();
    return out.str();
  }
  // In order.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace hmm
