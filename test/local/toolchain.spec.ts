import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findEmulatorBinaries } from '../../local/toolchain/emulator-binaries.ts';
import { findJdk } from '../../local/toolchain/jdk.ts';

describe('the toolchain of this machine', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'farmacy-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function put(file: string, content = ''): string {
    const full = path.join(folder, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  function putJdk(name: string, version: string): string {
    put(`${name}/bin/java`);
    put(`${name}/bin/jar`);
    put(`${name}/release`, `IMPLEMENTOR="Test"\nJAVA_VERSION="${version}"\n`);
    return path.join(folder, name);
  }

  describe('the JDK', () => {
    it('is the newest of JAVA_HOME, the PATH and the usual folders', () => {
      const env = { JAVA_HOME: putJdk('named', '21.0.2'), PATH: path.join(putJdk('on-path', '22'), 'bin') };
      putJdk('usual/old', '17.0.1');
      const newest = putJdk('usual/new', '25.0.3');
      const jdk = findJdk(env, [path.join(folder, 'usual/*')]);
      expect(jdk).to.deep.equal({ home: newest, version: 25 });
    });

    it('is found behind links', () => {
      const home = putJdk('real', '21');
      mkdirSync(path.join(folder, 'links'));
      symlinkSync(path.join(home, 'bin/java'), path.join(folder, 'links/java'));
      expect(findJdk({ PATH: path.join(folder, 'links') }, []).home).to.equal(home);
    });

    it('is not a runtime without the tools of a JDK', () => {
      put('runtime/bin/java');
      put('runtime/release', 'JAVA_VERSION="25"\n');
      expect(() => findJdk({ JAVA_HOME: path.join(folder, 'runtime') }, [])).to.throw('none was found');
    });

    it('that is too old is named, together with what to do', () => {
      const home = putJdk('old', '17.0.1');
      expect(() => findJdk({ JAVA_HOME: home }, [])).to.throw(
        `the newest here is 17 (${home}). Install one:`,
      );
    });
  });

  describe('the emulators', () => {
    const jdk = { home: '/nowhere', version: 25 };

    function putSdk(): { PATH: string } {
      put('sdk/platform/cloud-firestore-emulator/cloud-firestore-emulator.jar');
      put('sdk/platform/pubsub-emulator/bin/cloud-pubsub-emulator');
      put('sdk/platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar');
      const gcloud = put('sdk/bin/gcloud');
      mkdirSync(path.join(folder, 'bin'));
      symlinkSync(gcloud, path.join(folder, 'bin/gcloud'));
      return { PATH: path.join(folder, 'bin') };
    }

    it('are those of the Google Cloud SDK that gcloud belongs to', async () => {
      const env = { ...putSdk(), FIREBASE_EMULATORS_PATH: path.join(folder, 'empty-cache') };
      const binaries = await findEmulatorBinaries(jdk, env);
      expect(binaries.origin).to.equal('google-cloud-sdk');
      expect(binaries.pubsubJar).to.match(
        /sdk.platform.pubsub-emulator.lib.cloud-pubsub-emulator-0\.8\.20-all\.jar$/u,
      );
    });

    function putDownloads(firestore: string, pubsub: string): void {
      put(`cache/cloud-firestore-emulator-v${firestore}.jar`);
      put(`cache/pubsub-emulator-${pubsub}/pubsub-emulator/bin/cloud-pubsub-emulator`);
      put(`cache/pubsub-emulator-${pubsub}/pubsub-emulator/lib/cloud-pubsub-emulator-${pubsub}-all.jar`);
    }

    it('are preferably those that firebase-tools has downloaded', async () => {
      putDownloads('1.22.0', '0.8.37');
      const env = { ...putSdk(), FIREBASE_EMULATORS_PATH: path.join(folder, 'cache') };
      expect(await findEmulatorBinaries(jdk, env)).to.deep.include({ origin: 'firebase-tools' });
    });

    it('are the newest of these', async () => {
      putDownloads('1.9.0', '0.8.4');
      putDownloads('1.22.0', '0.8.37');
      const env = { FIREBASE_EMULATORS_PATH: path.join(folder, 'cache') };
      const { firestoreJar, pubsubJar } = await findEmulatorBinaries(jdk, env);
      expect(path.basename(firestoreJar)).to.equal('cloud-firestore-emulator-v1.22.0.jar');
      expect(path.basename(pubsubJar)).to.equal('cloud-pubsub-emulator-0.8.37-all.jar');
    });
  });
});
