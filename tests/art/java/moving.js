Java.perform(() => {
  const names = Array.from({ length: COUNT }, (_, i) => 'Moved' + i);
  const missing = names.filter(name => {
    const type = Java.use(name);
    return type.mLAST === undefined || type.fLAST === undefined;
  });
  send('missed ' + missing.length + ',');
});
