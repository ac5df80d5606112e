// Reads packets, one a line as JSON: the text, then the attachments in base64. Says for each line what the official parser makes of it.
import readline from 'node:readline';
import {Decoder} from 'socket.io-parser';

for await (const line of readline.createInterface({input: process.stdin})) {
    const [text, ...attachments] = JSON.parse(line);
    let verdict = 'incomplete';
    const decoder = new Decoder();
    decoder.on('decoded', () => { verdict = 'ok'; });
    try {
        decoder.add(text);
        attachments.forEach(attachment => decoder.add(Buffer.from(attachment, 'base64')));
    } catch (error) {
        verdict = `refused: ${error.message}`;
    }
    console.log(verdict);
}
