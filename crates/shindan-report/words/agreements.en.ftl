# agreements on roles
