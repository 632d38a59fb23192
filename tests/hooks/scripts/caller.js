// Code of the process that is neither Java nor a library: it calls libc on a thread of its own.
const libc = Process.enumerateModules().find((m) => m.name.startsWith("libc.so"));
const code = new CModule(`
extern int system (const char *);
extern void * popen (const char *, const char *);
extern int pclose (void *);
extern void * fopen (const char *, const char *);
extern int fclose (void *);
extern int faccessat (int, const char *, int, int);
extern int getifaddrs (void **);
extern void freeifaddrs (void *);
extern int fork (void);
extern int waitpid (int, int *, int);
extern void _exit (int);
extern int open (const char *, int);
extern int pthread_create (void *, void *, void *, void *);

int files (void)
{
  void * f = fopen ("/proc/cpuinfo", "r");
  fclose (f);
  return faccessat (-100, "/data/data/com.canary.bank", 0, 0);
}
int addresses (void)
{
  void * list;
  int failed = getifaddrs (&list);
  freeifaddrs (list);
  return failed;
}
int commands (void)
{
  pclose (popen ("true", "r"));
  return system ("exit 3") >> 8;
}
int child (void)
{
  int status = -1, id = fork ();
  if (id == 0)
    _exit (open ("/proc/cpuinfo", 0) >= 0 ? 7 : 8);
  waitpid (id, &status, 0);
  return status >> 8;
}
void * waiting (void * none) { system ("exec sleep 200"); return 0; }
int wait (void * thread) { return pthread_create (thread, 0, waiting, 0); }
int wrong (void) { return open ((const char *) 8, 0) + open ((const char *) -8, 0) + open (0, 0); }
`, Object.fromEntries([
  "system", "popen", "pclose", "fopen", "fclose", "faccessat", "getifaddrs", "freeifaddrs", "fork", "waitpid", "_exit",
  "open", "pthread_create",
].map((name) => [name, libc.getExportByName(name)])));
rpc.exports = {
  library: (name) => Module.load(name).name,
  call: (name) => new NativeFunction(code[name], "int", [])(),
  wait: () => new NativeFunction(code.wait, "int", ["pointer"])(Memory.alloc(64)),
};
