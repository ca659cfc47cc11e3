// The first program of a guest: makes the calls of /calls, one trace after the other, and writes
// what they came to and what is seen after each, in the format of traces/recordings/FORMAT.md, to
// the channel that the host reads. Whoever reads it knows by its end where a kernel died. Beside
// calls, a line `run PROGRAM ARGUMENTS` runs a program whose output goes to that channel, and
// `gcov` writes what the kernel counted of itself.
#include <fcntl.h>
#include <linux/reboot.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tools/kernel/agent/look.h"
#include "tools/kernel/agent/process.h"

namespace {

using agent::Mail;

void write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(file, text.data() + at, text.size() - at);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

class Traces {
 public:
  explicit Traces(int channel) : channel_(channel) {
    void* const shared = mmap(nullptr, agent::kActors * sizeof(Mail), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mails_ = static_cast<Mail*>(shared);
  }

  void line(const std::string& line) {
    if (line.starts_with("trace ")) {
      begin();
      write_all(channel_, line + "\n");
    } else if (line == "end") {
      end();
      write_all(channel_, "end\n");
    } else if (line.size() > 2 && (line[0] == 'A' || line[0] == 'B')) {
      step(line[0] == 'A' ? 0 : 1, line.substr(2));
    }
  }

 private:
  void begin() {
    for (unsigned i = 0; i < agent::kActors; ++i) new (&mails_[i]) Mail;
    pids_ = {};
    pids_[0] = fork();
    if (pids_[0] == 0) agent::run_process(mails_, 0);
    agent::wait_for_turn(mails_[0], Mail::of_agent);
  }

  void end() {
    for (unsigned i = agent::kActors; i-- > 0;) let_exit(i);
  }

  void let_exit(unsigned actor) {
    if (pids_[actor] <= 0) return;
    set_call(mails_[actor], "exit");
    mails_[actor].what = Mail::call;
    agent::give_turn(mails_[actor], Mail::of_process);
    waitpid(pids_[actor], nullptr, 0);
    pids_[actor] = 0;
  }

  static void set_call(Mail& mail, const std::string& call) {
    std::snprintf(mail.text.data(), mail.text.size(), "%s", call.c_str());
  }

  std::string result_of(unsigned actor, const std::string& call) {
    if (call == "exit") {
      let_exit(actor);
      return "ok";
    }
    Mail& mail = mails_[actor];
    set_call(mail, call);
    const bool is_fork = call == "fork B";
    agent::ask(mail, is_fork ? Mail::fork : Mail::call);
    if (is_fork && mail.child > 0) {
      pids_[1] = mail.child;
      agent::wait_for_turn(mails_[1], Mail::of_agent);
    }
    return mail.result.data();
  }

  void step(unsigned actor, const std::string& call) {
    // The call first: if the kernel dies of it, that is known.
    std::string text = std::string(1, "AB"[actor]) + " " + call + " -> ";
    write_all(channel_, text);
    if (pids_[actor] <= 0) return write_all(channel_, "no such process\n");
    text = result_of(actor, call) + "\n";
    look_.begin();
    for (unsigned i = 0; i < agent::kActors; ++i) {
      if (pids_[i] <= 0) continue;
      agent::ask(mails_[i], Mail::look);
      text += look_.line("AB"[i], pids_[i], mails_[i]);
    }
    write_all(channel_, text);
  }

  int channel_;
  Mail* mails_;
  std::array<pid_t, agent::kActors> pids_{};
  agent::Look look_;
};

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
    write_all(channel, "no " + words[0] + "\n");
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
    write_all(channel, "file " + entry.path().filename().string() + " " +
                           std::to_string(data.size()) + "\n" + data + "\n");
  }
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
  Traces traces(channel);
  std::ifstream calls("/calls");
  for (std::string line; std::getline(calls, line);) {
    if (line.starts_with("run ")) {
      run_program(line.substr(4), channel);
    } else if (line == "gcov") {
      write_counters(channel);
    } else {
      traces.line(line);
    }
  }
  write_all(channel, "all\n");
  reboot(LINUX_REBOOT_CMD_RESTART);
}
