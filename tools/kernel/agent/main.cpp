// The first program of a guest: makes the calls of /calls, one trace after the other, and writes
// what they came to and what is seen after each, in the format of traces/recordings/FORMAT.md, to
// the channel that the host reads. Whoever reads it knows by its end where a kernel died. Beside
// calls, a line `run PROGRAM ARGUMENTS` runs a program whose output goes to that channel, `beyond`
// does what no call does or nobody sees (beyond.h), and `gcov` writes what the kernel counted of
// itself.
#include <fcntl.h>
#include <linux/reboot.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tools/kernel/agent/beyond.h"
#include "tools/kernel/agent/traces.h"

namespace {

// /dev/hmm_dmirrorN, wherever the driver's numbers are.
void make_devices() {
  std::ifstream in("/proc/devices");
  for (std::string line; std::getline(in, line);) {
    const auto at = line.find("HMM_DMIRROR");
    if (at == std::string::npos) continue;
    const auto major = static_cast<unsigned>(std::stoul(line));
    for (unsigned d = 0; d < agent::kDevices; ++d)
      mknod(("/dev/hmm_dmirror" + std::to_string(d)).c_str(), S_IFCHR | 0600, makedev(major, d));
  }
}

// A program with its arguments; `no PROGRAM` if it is not there.
void run_program(const std::string& line, int channel) {
  std::istringstream in(line);
  std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
  if (words.empty()) return;
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(channel, 1);
    dup2(channel, 2);
    execv(arguments[0], arguments.data());
    agent::write_all(channel, "no " + words[0] + "\n");
    _exit(1);
  }
  waitpid(pid, nullptr, 0);
}

// `file NAME SIZE`, then so many bytes and an end of line, for each file that has counters.
void write_counters(int channel) {
  std::error_code none;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator("/sys/kernel/debug/gcov", none)) {
    if (entry.path().extension() != ".gcda") continue;
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    const std::string data = bytes.str();
    agent::write_all(channel, "file " + entry.path().filename().string() + " " +
                                  std::to_string(data.size()) + "\n" + data + "\n");
  }
}

// A line for each thing that is tried, as soon as it is known: `beyond NAME -> ok`.
void do_more(int channel) {
  const agent::Say say = [channel](const std::string& name, const std::string& came) {
    agent::write_all(channel, "beyond " + name + " -> " + came + "\n");
  };
  agent::beyond(say);
  agent::unseen(say);
}

// The fast one takes the kernel a moment; the other is every machine's.
int open_channel() {
  for (int tries = 0; tries < 200; ++tries) {
    if (const int file = open("/dev/vport0p1", O_WRONLY); file >= 0) return file;
    usleep(10'000);
  }
  const int file = open("/dev/ttyS1", O_WRONLY);
  termios raw{};
  cfmakeraw(&raw);
  tcsetattr(file, TCSANOW, &raw);
  return file;
}

}  // namespace

int main() {
  mount("proc", "/proc", "proc", 0, nullptr);
  mount("sys", "/sys", "sysfs", 0, nullptr);
  mount("debug", "/sys/kernel/debug", "debugfs", 0, nullptr);
  mount("dev", "/dev", "devtmpfs", 0, nullptr);
  const int console = open("/dev/console", O_RDWR);
  for (int file = 0; file < 3; ++file) dup2(console, file);
  make_devices();
  const int channel = open_channel();
  agent::Traces traces(channel);
  std::ifstream calls("/calls");
  for (std::string line; std::getline(calls, line);) {
    if (line.starts_with("run ")) {
      run_program(line.substr(4), channel);
    } else if (line == "beyond") {
      do_more(channel);
    } else if (line == "gcov") {
      write_counters(channel);
    } else {
      traces.line(line);
    }
  }
  traces.write("all\n");
  reboot(LINUX_REBOOT_CMD_RESTART);
}
