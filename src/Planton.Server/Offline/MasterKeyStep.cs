namespace Planton.Server.Offline;

/// <summary>How far a change of the master key has come. After each of them the server can be killed and started again.</summary>
internal enum MasterKeyStep
{
    /// <summary>The new key is on disk; nothing is under it.</summary>
    KeyWritten,

    /// <summary>The database is under the new key, in a transaction that is not committed.</summary>
    Resealed,

    /// <summary>It is committed; the file still holds the old key.</summary>
    Committed,

    /// <summary>The server's certificate, which was sealed under the old key, is removed. It is made anew at the next start.</summary>
    CertificateRemoved,

    /// <summary>The file holds the new key, and the old one is gone.</summary>
    Done,
}
