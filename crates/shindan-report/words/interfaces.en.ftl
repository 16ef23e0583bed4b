# interfaces
