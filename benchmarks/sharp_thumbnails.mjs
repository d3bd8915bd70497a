// Makes the three renditions with sharp, chained, one decode a picture, on one thread.
// Usage: node sharp_thumbnails.mjs SHARP_MODULE PICTURE...; prints CPU ms a picture as JSON.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [module, ...paths] = process.argv.slice(2);
const sharp = createRequire(import.meta.url)(module);
sharp.concurrency(1);
sharp.cache(false);

const jpeg = (pipeline) => pipeline.jpeg({ quality: 85 }).toBuffer();

async function renditions(data) {
  const { data: medium, info } = await sharp(data, { failOn: 'none' })
    .rotate()
    .resize(1920, 1080, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { raw: { width: info.width, height: info.height, channels: info.channels } };
  const from = (size) => sharp(medium, raw).resize(size, size, { fit: 'inside' });
  return [await jpeg(sharp(medium, raw)), await jpeg(from(500)), await jpeg(from(150))];
}

const pictures = paths.map((path) => readFileSync(path));
await renditions(pictures[0]);
const before = process.cpuUsage();
for (const data of pictures) await renditions(data);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify((user + system) / 1000 / pictures.length));
