using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Planton.Server.Encryption;

/// <summary>Encrypts what is secret at rest: AES-256-GCM, a fresh nonce each time, bound to what it is for.</summary>
internal class SealingKey
{
    public const int KeyBytes = 32;

    private const byte FormatVersion = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 1 + NonceBytes + TagBytes;

    private readonly byte[] _key;

    public SealingKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
            throw new ArgumentException($"A key has {KeyBytes} bytes", nameof(key));
        _key = key.ToArray();
    }

    public bool IsSameAs(SealingKey other) => CryptographicOperations.FixedTimeEquals(_key, other._key);

    /// <summary>Version, nonce, tag, ciphertext. Opens only for the same <paramref name="purpose"/>, so that a sealed value cannot stand in for another.</summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> plain)
    {
        var box = new byte[HeaderBytes + plain.Length];
        box[0] = FormatVersion;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(HeaderBytes), box.AsSpan(1 + NonceBytes, TagBytes), AssociatedData(purpose));
        return box;
    }

    /// <summary>False when the value was sealed under another key or for another purpose, or was altered.</summary>
    public bool TryOpen(string purpose, ReadOnlySpan<byte> box, out byte[] plain)
    {
        plain = [];
        if (box.Length < HeaderBytes || box[0] != FormatVersion)
            return false;
        var opened = new byte[box.Length - HeaderBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(
                box.Slice(1, NonceBytes), box[HeaderBytes..], box.Slice(1 + NonceBytes, TagBytes), opened, AssociatedData(purpose));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plain = opened;
        return true;
    }

    /// <summary>A key for one purpose, from which this one cannot be told.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));

    // The length keeps a purpose from running into data that may be added after it in a later format.
    private static byte[] AssociatedData(string purpose)
    {
        var text = Encoding.UTF8.GetBytes(purpose);
        var data = new byte[sizeof(int) + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(data, text.Length);
        text.CopyTo(data, sizeof(int));
        return data;
    }
}
