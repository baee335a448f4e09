/** What the bundler makes of an import of a binary file: its address. */
module.exports = { __esModule: true, default: 'file.bin' };
