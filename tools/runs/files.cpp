#include "tools/runs/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>

#include "tools/runs/output.h"
#include "traces/input.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path, int error) {
  reject({path}, "a file that can be written", std::strerror(error));
}

// Where a path leads.
struct Target {
  fs::path path;
  std::optional<int> open;  // a file of this process, by its number
  bool exists = false;
  struct stat is {};
};

// The number N of a path that is /proc/self/fd/N once its folder's links are followed.
std::optional<int> open_file_at(const fs::path& path) {
  std::error_code ignored;
  const std::string folder = fs::canonical(fs::absolute(path).parent_path(), ignored).string();
  if (folder != "/proc/" + std::to_string(getpid()) + "/fd") return std::nullopt;
  const std::string name = path.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return number;
}

Target target_of(const std::string& path) {
  constexpr int kMostLinks = 40;
  Target target{path, std::nullopt};
  for (int links = 0;; ++links) {
    if (links > kMostLinks) refuse(path, ELOOP);
    target.open = open_file_at(target.path);
    std::error_code error;
    if (target.open || !fs::is_symlink(target.path, error)) break;
    target.path = target.path.parent_path() / fs::read_symlink(target.path);
  }
  target.exists = stat(target.path.c_str(), &target.is) == 0;
  return target;
}

bool is_replaced(const Target& target) {
  return !target.open && (!target.exists || S_ISREG(target.is.st_mode));
}

// 0, or what went wrong.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(file, text.data(), text.size());
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

void write_through(const std::string& path, const Target& target, std::string_view text) {
  const int file =
      target.open ? dup(*target.open) : open(target.path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) refuse(path, errno);
  // A reader that goes away must not take the verdict along.
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  int error = write_all(file, text);
  if (close(file) != 0 && error == 0) error = errno;
  std::signal(SIGPIPE, before);
  if (error != 0) refuse(path, error);
}

mode_t mode_of(const Target& target) {
  if (target.exists) return target.is.st_mode & 07777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

void replace(const std::string& path, const Target& target, std::string_view text) {
  // A name of its own, so that several who write the same file do not write one another's.
  std::string temporary = (target.path.parent_path() / ".hmmcheck-XXXXXX").string();
  const int file = mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) refuse(path, errno);
  int error = fchmod(file, mode_of(target)) == 0 ? write_all(file, text) : errno;
  if (close(file) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), target.path.c_str()) != 0) error = errno;
  if (error == 0) return;
  unlink(temporary.c_str());
  refuse(path, error);
}

// What is wrong with the target, as an errno; 0 if nothing is.
int fault_of(const Target& target) {
  if (target.open) return fcntl(*target.open, F_GETFD) < 0 ? errno : 0;
  if (target.exists && S_ISDIR(target.is.st_mode)) return EISDIR;
  // Root may write anything; who has said that a file is to stay has meant it.
  if (target.exists && (target.is.st_mode & 0222) == 0) return EACCES;
  if (target.exists && access(target.path.c_str(), W_OK) != 0) return errno;
  if (!is_replaced(target)) return 0;
  const auto folder = fs::absolute(target.path).parent_path();
  if (!fs::is_directory(folder)) return fs::exists(folder) ? ENOTDIR : ENOENT;
  // Who sees no file there and may make none; /proc says so only when asked.
  return access(folder.c_str(), W_OK | X_OK) != 0 ? errno : 0;
}

}  // namespace

void write_file(const std::string& path, const std::string& text) {
  if (path == "-") return print(text);
  const Target target = target_of(path);
  if (const int fault = fault_of(target); fault != 0) refuse(path, fault);
  is_replaced(target) ? replace(path, target, text) : write_through(path, target, text);
}

void require_writable(const std::string& path) {
  if (path.empty() || path == "-") return;
  if (const int fault = fault_of(target_of(path)); fault != 0) refuse(path, fault);
}

void require_folder(const std::string& by, const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!fs::is_directory(path)) reject({by}, "a folder", error ? error.message() : "a file");
  if (access(path.c_str(), W_OK | X_OK) != 0)
    reject({by}, "a folder that can be written to", std::strerror(errno));
}

}  // namespace hmm
