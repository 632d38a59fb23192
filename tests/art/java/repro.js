Java.perform(() => {
  for (const name of ['Repro$Early', 'Repro$Late', 'Repro$LateStatic', 'Repro$Sum']) {
    const type = Java.use(name);
    type.add.implementation = function (a, b) { return this.add(a, b) + 1000; };
  }
  send('hooked');
});
