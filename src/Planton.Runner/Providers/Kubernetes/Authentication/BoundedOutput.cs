namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>Reads a pipe of a child process without trusting it to be brief.</summary>
internal static class BoundedOutput
{
    /// <summary>Everything, or null when there is more than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAllAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var all = new MemoryStream();
        var buffer = new byte[8192];
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (all.Length + read > limit)
                return null;
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>The last <paramref name="limit"/> bytes; the pipe is read to its end so that the writer never blocks.</summary>
    public static async Task<byte[]> ReadTailAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var tail = Array.Empty<byte>();
        var buffer = new byte[8192];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                byte[] joined = [.. tail, .. buffer.AsSpan(0, read)];
                tail = joined.Length > limit ? joined[^limit..] : joined;
            }
        }
        catch (OperationCanceledException)
        {
            // What was read until then is what there is to tell.
        }

        return tail;
    }
}
