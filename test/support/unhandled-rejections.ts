/** Mocha ignores rejections that nothing handles. They would end a function, so they fail a test. */
process.on('unhandledRejection', (reason) => {
  throw reason;
});
