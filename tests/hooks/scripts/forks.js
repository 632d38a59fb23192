// A thread of the process that forks after half a second; its child ends with 7.
const libc = (name) => Module.getGlobalExportByName(name);
const code = new CModule(`
extern int fork (void);
extern void _exit (int);
extern int usleep (unsigned int);
extern int waitpid (int, int *, int);
extern int pthread_create (void *, void *, void *, void *);
extern int status;
static void * forks (void * none)
{
  int child;
  usleep (500000);
  child = fork ();
  if (child == 0)
    _exit (7);
  waitpid (child, &status, 0);
  return 0;
}
int begin (void * thread) { return pthread_create (thread, 0, forks, 0); }
`, {
  fork: libc("fork"), _exit: libc("_exit"), usleep: libc("usleep"), waitpid: libc("waitpid"),
  pthread_create: libc("pthread_create"), status: (globalThis.status = Memory.alloc(4)),
});
rpc.exports = {
  begin: () => new NativeFunction(code.begin, "int", ["pointer"])(globalThis.thread = Memory.alloc(64)),
  status: () => status.readS32() >> 8,
};
