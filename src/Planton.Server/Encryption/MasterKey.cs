namespace Planton.Server.Encryption;

/// <summary>The key that opens all others. Never stored in the database.</summary>
internal sealed class MasterKey(ReadOnlySpan<byte> key) : SealingKey(key);
