using System.Security.Cryptography;
using System.Text;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Encryption;

/// <summary>The file that holds the master key: 32 bytes in base64.</summary>
internal static class MasterKeyFile
{
    public const string DefaultName = "master-key";

    /// <summary>Beside the default one while the key is being changed: both are there until the database is under the new one.</summary>
    public const string NextName = "master-key.new";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the key; makes one when no file was named and there is none yet.</summary>
    /// <exception cref="StartupException">It cannot be read, others may read it, or it is no key.</exception>
    public static MasterKey LoadOrCreate(DataDirectory data, string? namedFile)
    {
        if (namedFile is not null)
            return Read(Path.GetFullPath(namedFile));
        var file = data.PathOf(DefaultName);
        return File.Exists(file) ? Read(file) : Create(file);
    }

    /// <summary>Makes a new key in a file that is not there yet.</summary>
    public static MasterKey Create(string file)
    {
        var key = RandomNumberGenerator.GetBytes(MasterKey.KeyBytes);
        try
        {
            // Written aside and renamed: half a key would lock the data for good.
            var temporary = file + ".tmp";
            File.Delete(temporary);
            using (var stream = AtomicFile.OpenNew(temporary))
            {
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file);
            return new MasterKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="StartupException">It cannot be read, others may read it, or it is no key.</exception>
    public static MasterKey Read(string file)
    {
        string text;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
                throw new StartupException($"--master-key-file: {file} can be read by others; run: chmod 600 {file}");
            text = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--master-key-file: {file} cannot be read: {exception.Message}", exception);
        }

        Span<byte> key = stackalloc byte[MasterKey.KeyBytes];
        if (!Convert.TryFromBase64String(text.Trim(), key, out var length) || length != MasterKey.KeyBytes)
            throw new StartupException(
                $"--master-key-file: {file} does not hold {MasterKey.KeyBytes} bytes in base64; make one with: openssl rand -base64 {MasterKey.KeyBytes}");
        var masterKey = new MasterKey(key);
        CryptographicOperations.ZeroMemory(key);
        return masterKey;
    }
}
