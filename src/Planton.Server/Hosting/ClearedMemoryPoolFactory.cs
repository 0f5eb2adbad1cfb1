using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Planton.Server.Hosting;

/// <summary>
/// The connections' memory, overwritten with zeros before it is used again: what passed through in the clear, an answer with new
/// credentials as much as a request with a key, is not found in a memory dump long after.
/// </summary>
internal sealed class ClearedMemoryPoolFactory(IMemoryPoolFactory<byte> inner) : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool(inner.Create(options));

    private sealed class Pool(MemoryPool<byte> inner) : MemoryPool<byte>
    {
        public override int MaxBufferSize => inner.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Block(inner.Rent(minBufferSize));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
        }
    }

    private sealed class Block(IMemoryOwner<byte> inner) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => inner.Memory;

        public void Dispose()
        {
            inner.Memory.Span.Clear();
            inner.Dispose();
        }
    }
}
