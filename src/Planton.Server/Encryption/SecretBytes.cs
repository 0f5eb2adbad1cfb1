using System.Security.Cryptography;
using System.Text;

namespace Planton.Server.Encryption;

/// <summary>
/// A secret that passes through and must not stay: pinned, so that the garbage collector makes no copies of it, and overwritten
/// with zeros once it is answered, or at the latest when it is collected. A string can do neither.
/// </summary>
internal sealed class SecretBytes(int length) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    ~SecretBytes() => CryptographicOperations.ZeroMemory(_bytes);

    public Span<byte> Span => _bytes;

    /// <summary>A copy that nobody will overwrite: only for what is kept by whoever asks.</summary>
    public string Reveal() => Encoding.ASCII.GetString(_bytes);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        GC.SuppressFinalize(this);
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{_bytes.Length} secret bytes";
}
