using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;

namespace Planton.Server.Users;

internal sealed class UserMapping : IEntityTypeConfiguration<UserEntity>
{
    public void Configure(EntityTypeBuilder<UserEntity> builder)
    {
        builder.ToTable("users");
        builder.Property(user => user.Name).HasMaxLength(Slug.MaxLength);
        builder.HasIndex(user => user.Name).IsUnique();
    }
}
